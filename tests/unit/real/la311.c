/* Los Angeles as a second, tiny city: are its requests routed as they really were?
 *
 * There the type of a request decides the agency, and type and area the crew. So a city is made of
 * the first half of 39,999 real requests (every other one): four nested areas are its places, a
 * type its function and category, and the crew that had most requests of a type in an area is the
 * unit there. Where an area saw none, the climb leads to one that did. The other half is then
 * decided, and counted: agency and crew as they really were, or not.
 */
#include "domain/decide.h"
#include "tests/unit/real/shared.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char path[] = SHARED "us311/la311.csv";

enum { TYPES_MAX = 32, AREAS_MAX = 512, CREWS_MAX = 256, LEVELS = 4 };

/* Columns of the file. */
enum { COLUMN_TYPE = 4, COLUMN_AGENCY = 5, COLUMN_CREW = 6, COLUMN_AREA = 9 /* three of them */ };

/* An area in the one above it; 0 is the city. */
struct area {
    struct span name;
    uint32_t above;
    uint32_t level;
    uint32_t ordinal; /* among those beside it, from 1 */
    char code[16];
};

static struct span types[TYPES_MAX];
static uint32_t types_count;
static struct area areas[AREAS_MAX];
static uint32_t areas_count;
static char crews[CREWS_MAX][64]; /* agency/crew */
static uint32_t crews_count;
static uint32_t votes[TYPES_MAX][AREAS_MAX][CREWS_MAX];

/* -- what the requests say --------------------------------------------------------------------- */

static uint32_t number_type(struct span name)
{
    for (uint32_t i = 0; i < types_count; i++)
        if (span_equal(types[i], name))
            return i;
    CHECK(types_count < TYPES_MAX);
    types[types_count] = name;
    return types_count++;
}

static uint32_t number_crew(struct span agency, struct span crew)
{
    char name[sizeof crews[0]];
    snprintf(name, sizeof name, "%.*s/%.*s", SPAN_ARG(agency), SPAN_ARG(crew));
    for (uint32_t i = 0; i < crews_count; i++)
        if (strcmp(crews[i], name) == 0)
            return i;
    CHECK(crews_count < CREWS_MAX);
    strcpy(crews[crews_count], name);
    return crews_count++;
}

/* 4, 6, 9 and 12 digits, as everywhere. */
static void write_code(struct area *area)
{
    char code[64];
    int digits = area->level == 1 ? 2 : 3;
    snprintf(code, sizeof code, "%s%0*u", areas[area->above].code, digits, area->ordinal);
    CHECK(strlen(code) < sizeof area->code);
    strcpy(area->code, area->level == 0 ? "6037" : code);
}

static uint32_t number_area(struct span name, uint32_t above, uint32_t level)
{
    uint32_t beside = 0;
    for (uint32_t i = 0; i < areas_count; i++) {
        if (areas[i].level != level || areas[i].above != above)
            continue;
        if (span_equal(areas[i].name, name))
            return i;
        beside++;
    }
    CHECK(areas_count < AREAS_MAX);
    areas[areas_count] =
        (struct area){.name = name, .above = above, .level = level, .ordinal = beside + 1};
    write_code(&areas[areas_count]);
    return areas_count++;
}

/* The areas that a request lies in, the city first. */
static void find_areas(const struct sheet_row *row, uint32_t found[LEVELS])
{
    found[0] = number_area(span_of_string("Los Angeles"), 0, 0);
    for (uint32_t level = 1; level < LEVELS; level++) {
        struct span name = sheet_cell(row, COLUMN_AREA + level - 1).text;
        found[level] = number_area(name, found[level - 1], level);
    }
}

static void count_votes(const struct sheet *sheet)
{
    for (uint32_t i = 1; i < sheet->count; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        uint32_t found[LEVELS];
        uint32_t type = number_type(sheet_cell(row, COLUMN_TYPE).text);
        uint32_t crew =
            number_crew(sheet_cell(row, COLUMN_AGENCY).text, sheet_cell(row, COLUMN_CREW).text);
        find_areas(row, found);
        for (uint32_t level = 0; i % 2 == 0 && level < LEVELS; level++)
            votes[type][found[level]][crew]++;
    }
}

/* The crew with most requests of a type in an area; CREWS_MAX where there were none. */
static uint32_t usual_crew(uint32_t type, uint32_t area)
{
    uint32_t best = CREWS_MAX;
    for (uint32_t i = 0; i < crews_count; i++)
        if (votes[type][area][i] > 0 &&
            (best == CREWS_MAX || votes[type][area][i] > votes[type][area][best]))
            best = i;
    return best;
}

/* -- the city ---------------------------------------------------------------------------------- */

static FILE *create(const char *directory, const char *name, const char *header)
{
    char file_path[256];
    snprintf(file_path, sizeof file_path, "%s/%s", directory, name);
    FILE *file = fopen(file_path, "w");
    CHECK(file != NULL);
    fprintf(file, "%s\n", header);
    return file;
}

static void write_places_and_units(const char *directory)
{
    FILE *places = create(directory, "places.csv", "code,name,kind,short_name");
    FILE *units = create(directory, "units.csv", "place,function,name,basis");
    for (uint32_t area = 0; area < areas_count; area++) {
        const struct span name = areas[area].name;
        fprintf(places, "%s,\"%.*s%s\",area,\n", areas[area].code, SPAN_ARG(name),
                name.bytes == 0 ? "none" : "");
        for (uint32_t type = 0; area > 0 && type < types_count; type++)
            if (usual_crew(type, area) < CREWS_MAX)
                fprintf(units, "%s,t%02u,\"%s\",\n", areas[area].code, type + 1,
                        crews[usual_crew(type, area)]);
    }
    fclose(places);
    fclose(units);
}

static void write_types(const char *directory)
{
    FILE *functions =
        create(directory, "functions.csv", "code,name,city,county,township,village,basis");
    FILE *categories = create(directory, "categories.csv", "code,name");
    FILE *rules = create(directory, "rules/assign.csv",
                         "F,,,\n,in:category,out:function,out:tier\n,category,function,tier");
    fprintf(functions, "desk,desk,MyLA311,,,,\n");
    for (uint32_t type = 0; type < types_count; type++) {
        uint32_t crew = usual_crew(type, 0);
        fprintf(functions, "t%02u,%.*s,\"%s\",,,,\n", type + 1, SPAN_ARG(types[type]),
                crew < CREWS_MAX ? crews[crew] : "nobody");
        fprintf(categories, "#%02u,%.*s\n", type + 1, SPAN_ARG(types[type]));
        fprintf(rules, "r%02u,#%02u,t%02u,village\n", type + 1, type + 1, type + 1);
    }
    fclose(functions);
    fclose(categories);
    fclose(rules);
}

static void write_city(const char *directory)
{
    char rules[64];
    snprintf(rules, sizeof rules, "%s/rules", directory);
    CHECK(mkdir(rules, 0700) == 0);
    write_places_and_units(directory);
    write_types(directory);
    FILE *lines = create(directory, "lines.csv", "number,name,function,mode,basis");
    fprintf(lines, "311,MyLA311,desk,main,\n");
    fclose(lines);
    FILE *calendar = create(directory, "calendar.csv", "date,kind,name");
    fprintf(calendar, "2018-01-02,workday,\n");
    fclose(calendar);
    FILE *book = create(directory, "rules/book.csv", "table,note");
    fprintf(book, "assign,\n");
    fclose(book);
}

static void remove_city(const char *directory)
{
    static const char *const names[] = {
        "places.csv",   "units.csv",      "functions.csv",    "categories.csv", "lines.csv",
        "calendar.csv", "rules/book.csv", "rules/assign.csv", "rules",          ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char file_path[256];
        snprintf(file_path, sizeof file_path, "%s/%s", directory, names[i]);
        CHECK(remove(file_path) == 0);
    }
}

/* -- the other half ---------------------------------------------------------------------------- */

static struct span route(const struct policy *policy, struct scratch *scratch,
                         const struct sheet_row *row)
{
    uint32_t found[LEVELS];
    char category[16];
    find_areas(row, found);
    snprintf(category, sizeof category, "%02u", number_type(row->cells[COLUMN_TYPE].text) + 1);
    struct case_words words = {.category = span_of_string(category),
                               .place = span_of_string(areas[found[LEVELS - 1]].code)};
    struct facts facts = {.channel = CHANNEL_PHONE,
                          .type = TYPE_HELP,
                          .applicant = APPLICANT_CITIZEN,
                          .urgency = URGENCY_NORMAL,
                          .regime = REGIME_NORMAL,
                          .earlier = FLAG_NO,
                          .answered = FLAG_NO};
    struct misfit misfit;
    struct decision decision;
    bool resolved = facts_resolve(policy->city, &words, true, scratch, &facts, &misfit);
    cr_assert(resolved, "%s", misfit.message);
    decide(policy, &facts, NULL, scratch, &decision);
    cr_assert_eq(decision.doubts, 0);
    return unit_name(policy->city, decision.assignments[0].unit);
}

/* The part before the slash, with it. */
static struct span agency_of(struct span crew)
{
    const uint8_t *slash = memchr(crew.data, '/', crew.bytes);
    return span_of(crew.data, (size_t)(slash + 1 - crew.data));
}

static void count_routes(const struct policy *policy, const struct sheet *sheet)
{
    struct scratch *scratch = scratch_create(policy);
    uint32_t asked = 0;
    uint32_t agencies = 0;
    uint32_t same = 0;
    for (uint32_t i = 1; i < sheet->count; i += 2, asked++) {
        const struct sheet_row *row = &sheet->rows[i];
        uint32_t crew = number_crew(row->cells[COLUMN_AGENCY].text, row->cells[COLUMN_CREW].text);
        struct span really = span_of_string(crews[crew]);
        struct span routed = route(policy, scratch, row);
        agencies += span_starts_with(routed, agency_of(really));
        same += span_equal(routed, really);
    }
    scratch_destroy(&scratch);
    fprintf(stderr,
            "la311: of %u requests %.1f %% went to the agency and %.1f %% to the crew that really "
            "had them\n",
            asked, 100.0 * agencies / asked, 100.0 * same / asked);
    cr_expect_gt(agencies, asked * 95 / 100);
    cr_expect_gt(same, asked * 90 / 100);
}

Test(la311, requests_go_where_they_really_went)
{
    SKIP_WITHOUT(path);
    char directory[] = "/tmp/lianxin-la311-XXXXXX";
    struct arena *arena = arena_create();
    struct diag *diag = diag_create();
    struct policy *policy;
    struct sheet sheet;
    CHECK(mkdtemp(directory) != NULL);
    cr_assert_eq(sheet_read(path, arena, diag, &sheet), OK);
    count_votes(&sheet);
    write_city(directory);
    enum err err = policy_load(directory, diag, &policy);
    diag_print(diag, stderr);
    cr_assert_eq(err, OK);
    count_routes(policy, &sheet);
    policy_destroy(&policy);
    remove_city(directory);
    diag_destroy(&diag);
    arena_destroy(&arena);
}
