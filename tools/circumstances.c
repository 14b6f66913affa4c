#include "tools/circumstances.h"

#include "base/check.h"
#include "base/utf8.h"
#include "domain/city/date.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHOWN_BYTES_MAX = 64 };

/* What an adapter would say of itself. */
#define NOBODY "nobody"

struct reading {
    struct arena *arena;
    struct circumstances_more *more;
    uint32_t more_count;
    struct circumstances *into;
    char *fault;
};

__attribute__((format(printf, 2, 3))) static bool say(struct reading *reading, const char *format,
                                                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    int bytes = vsnprintf(reading->fault, JSON_FAULT_BYTES, format, arguments);
    va_end(arguments);
    if (bytes >= JSON_FAULT_BYTES)
        reading->fault[utf8_check(span_of_string(reading->fault))] = '\0';
    return false;
}

static bool say_of_value(struct reading *reading, const char *name, const json_t *value,
                         const char *remedy)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    CHECK(text != NULL);
    struct span shown = utf8_clip(span_of_string(text), SHOWN_BYTES_MAX);
    say(reading, "%s: %.*s%s %s", name, SPAN_ARG(shown), shown.bytes < strlen(text) ? "..." : "",
        remedy);
    free(text);
    return false;
}

/* -- reading ----------------------------------------------------------------------------------- */

static bool read_text(struct reading *reading, const char *name, const json_t *value,
                      struct span *text)
{
    *text = (struct span){0};
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
        return say_of_value(reading, name, value, "is not text in quotes");
    struct span whole = span_of_string(json_string_value(value));
    *text = span_of(arena_copy(reading->arena, whole), whole.bytes);
    return true;
}

static bool read_at(struct reading *reading, const json_t *value)
{
    struct span text;
    if (!read_text(reading, "at", value, &text))
        return false;
    return moment_parse(text, &reading->into->at_ms) ||
           say_of_value(reading, "at", value,
                        "is no moment; in the city's time they look like 2026-10-03T09:00");
}

static bool read_regime(struct reading *reading, const json_t *value)
{
    struct span text;
    if (!read_text(reading, "regime", value, &text))
        return false;
    reading->into->regime = (enum regime)word_find(&regime_in_force_words, text);
    return reading->into->regime != REGIME_NONE ||
           say_of_value(reading, "regime", value, "is not one of normal, holiday, emergency");
}

/* By the one reader that there is for cases: it takes text. */
static bool read_case(struct reading *reading, const json_t *object)
{
    char *text = json_dumps(object, JSON_ENCODE_ANY | JSON_COMPACT);
    CHECK(text != NULL);
    if (!json_is_object(object))
        say_of_value(reading, "case", object, "is not an object in { }");
    else
        reading->into->one = json_to_message(&lianxin__v1__case__descriptor, span_of_string(text),
                                             reading->arena, reading->fault);
    free(text);
    return reading->into->one != NULL;
}

static struct circumstances_more *find_more(const struct reading *reading, const char *name)
{
    for (uint32_t i = 0; i < reading->more_count; i++)
        if (strcmp(reading->more[i].name, name) == 0)
            return &reading->more[i];
    return NULL;
}

static bool read_member(struct reading *reading, const char *name, const json_t *value)
{
    struct circumstances_more *more = find_more(reading, name);
    if (strcmp(name, "case") == 0)
        return read_case(reading, value);
    if (json_is_null(value))
        return true;
    if (strcmp(name, "at") == 0)
        return read_at(reading, value);
    if (strcmp(name, "regime") == 0)
        return read_regime(reading, value);
    if (more != NULL)
        return read_text(reading, name, value, &more->text);
    say(reading, "%s: there is no such field here; there are case, at, regime", name);
    for (uint32_t i = 0; i < reading->more_count; i++) {
        size_t used = strlen(reading->fault);
        snprintf(reading->fault + used, JSON_FAULT_BYTES - used, ", %s", reading->more[i].name);
    }
    return false;
}

static void name_nobody(Lianxin__V1__Case *one)
{
    static char nobody[] = NOBODY;
    if (one->source[0] == '\0' && one->external_id[0] == '\0')
        one->source = one->external_id = nobody;
}

static bool read_members(struct reading *reading, json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (!read_member(reading, name, value))
            return false;
    }
    name_nobody(reading->into->one);
    return true;
}

static bool is_of_a_case(const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(&lianxin__v1__case__descriptor, name) !=
           NULL;
}

/* What else is read may be called like a field of a case, such as a golden case's category; that
 * tells nothing. */
static bool is_bare(const struct reading *reading, const json_t *object)
{
    bool bare = json_object_get(object, "case") == NULL && json_object_get(object, "at") == NULL &&
                json_object_get(object, "regime") == NULL;
    for (uint32_t i = 0; i < reading->more_count; i++)
        bare = bare && (is_of_a_case(reading->more[i].name) ||
                        json_object_get(object, reading->more[i].name) == NULL);
    return bare;
}

bool circumstances_read(struct span text, struct circumstances_more *more, uint32_t more_count,
                        struct arena *arena, struct circumstances *circumstances,
                        char fault[JSON_FAULT_BYTES])
{
    struct reading reading = {arena, more, more_count, circumstances, fault};
    *circumstances = (struct circumstances){.one = NULL};
    for (uint32_t i = 0; i < more_count; i++)
        more[i].text = (struct span){0};
    json_t *object = json_loadb((const char *)text.data, text.bytes,
                                JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    bool good = false;
    if (!json_is_object(object) || is_bare(&reading, object)) {
        /* That which is a case, or nothing: what is wrong with the text is said there. */
        circumstances->one = json_to_message(&lianxin__v1__case__descriptor, text, arena, fault);
        good = circumstances->one != NULL;
    } else if (json_object_get(object, "case") == NULL) {
        say(&reading, "case: is missing; the case itself stands there, as for submit");
    } else {
        good = read_members(&reading, object);
    }
    json_decref(object);
    return good;
}

/* -- writing ----------------------------------------------------------------------------------- */

static void set(json_t *object, const char *name, struct span text)
{
    if (text.bytes > 0)
        json_object_set_new(object, name, json_stringn((const char *)text.data, text.bytes));
}

char *circumstances_write(const struct circumstances *circumstances,
                          const struct circumstances_more *more, uint32_t more_count)
{
    char at[MOMENT_BYTES_MAX];
    json_t *object = json_object();
    char *text = json_from_message(&circumstances->one->base);
    json_object_set_new(object, "case", json_loads(text, 0, NULL));
    free(text);
    if (circumstances->at_ms != 0) {
        moment_format(circumstances->at_ms, at);
        set(object, "at", span_of_string(at));
    }
    set(object, "regime",
        span_of_string(word_name(&regime_in_force_words, (uint32_t)circumstances->regime)));
    for (uint32_t i = 0; i < more_count; i++)
        set(object, more[i].name, more[i].text);
    char *line = json_dumps(object, JSON_COMPACT);
    CHECK(line != NULL);
    json_decref(object);
    return line;
}
