#include "tests/unit/tck/dmn.h"

#include <criterion/criterion.h>
#include <expat.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 32, FILE_BYTES_MAX = 1024 * 1024 };

/* Where a file is being read: the names of the elements around, and the text so far of the
 * innermost. */
struct reading {
    struct dmn *dmn;
    dmn_text names[DEPTH_MAX];
    uint32_t depth;
    dmn_text text;
    size_t text_bytes;
    dmn_text component; /* its name, while a case's component is read */
};

/* The index of the last of so many; of none, where one would be. */
static uint32_t latest(uint32_t count)
{
    return count > 0 ? count - 1 : 0;
}

/* The index of one more. */
static uint32_t one_more(uint32_t *count, uint32_t count_max)
{
    cr_assert_lt(*count, count_max);
    return (*count)++;
}

static void copy(dmn_text text, const char *from)
{
    cr_assert_lt(strlen(from), DMN_TEXT_BYTES, "%s", from);
    strcpy(text, from);
}

static const char *attribute(const char *const *attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return "";
}

/* The name of the element that is so many above the innermost. */
static const char *above(const struct reading *reading, uint32_t levels)
{
    return reading->depth > levels ? reading->names[reading->depth - 1 - levels] : "";
}

/* -- elements begin ---------------------------------------------------------------------------- */

static void begin_of_table(struct dmn *dmn, const char *name, const char *const *attributes)
{
    if (strcmp(name, "decisionTable") == 0) {
        copy(dmn->hit_policy, attribute(attributes, "hitPolicy"));
        copy(dmn->aggregation, attribute(attributes, "aggregation"));
    }
    if (strcmp(name, "input") == 0)
        (void)one_more(&dmn->inputs_count, DMN_COLUMNS_MAX);
    if (strcmp(name, "inputExpression") == 0)
        copy(dmn->inputs[latest(dmn->inputs_count)].type, attribute(attributes, "typeRef"));
    if (strcmp(name, "output") == 0)
        copy(dmn->outputs[one_more(&dmn->outputs_count, DMN_COLUMNS_MAX)].name,
             attribute(attributes, "name"));
    if (strcmp(name, "rule") == 0)
        (void)one_more(&dmn->rules_count, DMN_RULES_MAX);
}

static void begin_of_case(struct reading *reading, const char *name, const char *const *attributes)
{
    struct dmn *dmn = reading->dmn;
    struct dmn_case *asked = &dmn->cases[latest(dmn->cases_count)];
    if (strcmp(name, "testCase") == 0)
        copy(dmn->cases[one_more(&dmn->cases_count, DMN_CASES_MAX)].id,
             attribute(attributes, "id"));
    if (strcmp(name, "inputNode") == 0)
        copy(asked->inputs[one_more(&asked->inputs_count, DMN_COLUMNS_MAX)].name,
             attribute(attributes, "name"));
    if (strcmp(name, "item") == 0)
        (void)one_more(&asked->results_count, DMN_RULES_MAX);
    if (strcmp(name, "component") == 0)
        copy(reading->component, attribute(attributes, "name"));
}

static void begin(void *self, const char *name, const char **attributes)
{
    struct reading *reading = self;
    const char *colon = strchr(name, ':');
    cr_assert_lt(reading->depth, DEPTH_MAX);
    name = colon != NULL ? colon + 1 : name;
    begin_of_table(reading->dmn, name, (const char *const *)attributes);
    begin_of_case(reading, name, (const char *const *)attributes);
    copy(reading->names[reading->depth++], name);
    reading->text_bytes = 0;
}

/* -- elements end ------------------------------------------------------------------------------ */

static void end_of_table(struct reading *reading)
{
    struct dmn *dmn = reading->dmn;
    const char *around = above(reading, 1);
    struct dmn_column *input = &dmn->inputs[latest(dmn->inputs_count)];
    struct dmn_column *output = &dmn->outputs[latest(dmn->outputs_count)];
    struct dmn_rule *rule = &dmn->rules[latest(dmn->rules_count)];
    if (strcmp(above(reading, 0), "text") != 0)
        return;
    if (strcmp(around, "inputExpression") == 0)
        copy(input->name, reading->text);
    if (strcmp(around, "inputValues") == 0)
        copy(input->values, reading->text);
    if (strcmp(around, "outputValues") == 0)
        copy(output->values, reading->text);
    if (strcmp(around, "defaultOutputEntry") == 0)
        copy(output->otherwise, reading->text);
    if (strcmp(around, "inputEntry") == 0)
        copy(rule->inputs[one_more(&rule->inputs_count, DMN_COLUMNS_MAX)], reading->text);
    if (strcmp(around, "outputEntry") == 0)
        copy(rule->outputs[one_more(&rule->outputs_count, DMN_COLUMNS_MAX)], reading->text);
}

/* A result that is no list stands alone, without an item around it. */
static struct dmn_result *result_of(struct dmn_case *asked)
{
    if (asked->results_count == 0)
        asked->results_count = 1;
    return &asked->results[latest(asked->results_count)];
}

static void end_of_case(struct reading *reading)
{
    struct dmn_case *asked = &reading->dmn->cases[latest(reading->dmn->cases_count)];
    if (strcmp(above(reading, 0), "component") == 0)
        reading->component[0] = '\0';
    if (strcmp(above(reading, 0), "value") != 0)
        return;
    if (strcmp(above(reading, 1), "inputNode") == 0) {
        copy(asked->inputs[latest(asked->inputs_count)].value, reading->text);
        return;
    }
    struct dmn_result *result = result_of(asked);
    struct dmn_named *named = &result->values[one_more(&result->count, DMN_COLUMNS_MAX)];
    copy(named->name, reading->component);
    copy(named->value, reading->text);
}

static void end(void *self, const char *name)
{
    struct reading *reading = self;
    (void)name;
    while (reading->text_bytes > 0 && strchr(" \t\r\n", reading->text[reading->text_bytes - 1]))
        reading->text_bytes--;
    reading->text[reading->text_bytes] = '\0';
    end_of_table(reading);
    end_of_case(reading);
    reading->depth--;
    reading->text_bytes = 0;
}

/* Blanks before a text are left out, and what is too long of one that nobody asks for. */
static void take_text(void *self, const char *text, int bytes)
{
    struct reading *reading = self;
    for (int i = 0; i < bytes; i++)
        if ((reading->text_bytes > 0 || !strchr(" \t\r\n", text[i])) &&
            reading->text_bytes < DMN_TEXT_BYTES - 1)
            reading->text[reading->text_bytes++] = text[i];
}

/* -- files ------------------------------------------------------------------------------------- */

static void read_file(const char *path, struct dmn *dmn)
{
    static char bytes[FILE_BYTES_MAX];
    struct reading reading = {.dmn = dmn};
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    size_t count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    cr_assert_lt(count, sizeof bytes, "%s", path);
    XML_Parser parser = XML_ParserCreate(NULL);
    XML_SetUserData(parser, &reading);
    XML_SetElementHandler(parser, begin, end);
    XML_SetCharacterDataHandler(parser, take_text);
    cr_assert_eq(XML_Parse(parser, bytes, (int)count, XML_TRUE), XML_STATUS_OK, "%s:%lu: %s", path,
                 XML_GetCurrentLineNumber(parser), XML_ErrorString(XML_GetErrorCode(parser)));
    XML_ParserFree(parser);
}

void dmn_read(const char *directory, const char *name, struct dmn *dmn)
{
    char path[512];
    *dmn = (struct dmn){.hit_policy = ""};
    snprintf(path, sizeof path, "%s/%s/%s.dmn", directory, name, name);
    read_file(path, dmn);
    snprintf(path, sizeof path, "%s/%s/%s-test-01.xml", directory, name, name);
    read_file(path, dmn);
}
