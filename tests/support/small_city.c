#include "tests/support/small_city.h"

#include "base/check.h"
#include "domain/rules/table.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *name;
    const char *text;
} tables[] = {
    {"places.csv", "code,name,kind,short_name\n"
                   "5111,乐山市,地级市,\n"
                   "511102,市中区,市辖区,\n"
                   "511102101,牟子镇,镇,\n"
                   "511102101201,红旗村,村委会,\n"
                   "511102101202,新华村,村委会,\n"
                   "511126,夹江县,县,\n"
                   "511126001,漹城街道,街道,\n"
                   "511126001001,北街社区,居委会,\n"
                   "511126001201,红旗村,村委会,\n"},
    {"functions.csv", "code,name,city,county,township,village,basis\n"
                      "desk,热线,{place}热线,,,,\n"
                      "fund,公积金,{place}公积金中心,,,,\n"
                      "general,综合,{place},{place},{place},{place},\n"
                      "health,卫健,{place}卫健局,{place}卫健局,,,\n"
                      "labour,人社,{place}人社局,{place}人社局,,,\n"
                      "police,公安,{place}公安局,{place}公安局,,,\n"
                      "roads,公路,{place}公路局,{place}公路局,,,\n"
                      "urban,城管,{place}城管局,{place}城管局,,,\n"
                      "water,水务,{place}水务局,{place}水务局,,,\n"},
    {"units.csv", "place,function,name,basis\n"
                  "511102,roads,-,\n"},
    {"lines.csv", "number,name,function,mode,basis\n"
                  "12345,热线,desk,main,\n"
                  "12319,城管,urban,merged,\n"
                  "12329,公积金,fund,dual,\n"},
    {"categories.csv", "code,name\n"
                       "#01,城市管理\n"
                       "#0101,市容\n"
                       "#0102,环卫\n"
                       "#02,公积金\n"
                       "#0201,提取\n"
                       "#03,其他\n"},
    /* A week of November; the Saturday is worked for a holiday on Monday. */
    {"calendar.csv", "date,kind,name\n"
                     "2026-11-23,holiday,\n"
                     "2026-11-24,workday,\n"
                     "2026-11-25,workday,\n"
                     "2026-11-26,workday,\n"
                     "2026-11-27,workday,\n"
                     "2026-11-28,makeup,\n"
                     "2026-11-29,weekend,\n"},
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    CHECK(file != NULL);
    CHECK(fputs(text, file) >= 0);
    CHECK(fclose(file) == 0);
}

void small_city_make(struct small_city *small)
{
    char path[128];
    *small = (struct small_city){.directory = "/tmp/lianxin-city-XXXXXX"};
    CHECK(mkdtemp(small->directory) != NULL);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", small->directory, tables[i].name);
        write_file(path, tables[i].text);
    }
    snprintf(path, sizeof path, "%s/rules", small->directory);
    CHECK(mkdir(path, 0700) == 0);
    small->arena = arena_create();
    small->diag = diag_create();
    small->city = city_load(folder_of(small->directory), small->arena, small->diag);
    diag_print(small->diag, stderr);
    CHECK(small->city != NULL && diag_count(small->diag) == 0);
}

static void remove_files(const char *directory)
{
    char path[512];
    DIR *files = opendir(directory);
    CHECK(files != NULL);
    for (struct dirent *file; (file = readdir(files)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", directory, file->d_name);
        if (file->d_name[0] != '.')
            CHECK(unlink(path) == 0);
    }
    closedir(files);
    CHECK(rmdir(directory) == 0);
}

void small_city_remove(struct small_city *small)
{
    char path[128];
    snprintf(path, sizeof path, "%s/rules", small->directory);
    remove_files(path);
    remove_files(small->directory);
    scratch_destroy(&small->scratch);
    keywords_close(city_keywords(small->city));
    diag_destroy(&small->diag);
    arena_destroy(&small->arena);
}

void small_city_write(const struct small_city *small, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/rules/%s.csv", small->directory, name);
    write_file(path, text);
}

void small_city_forget(struct small_city *small)
{
    diag_destroy(&small->diag);
    small->diag = diag_create();
}

struct table *small_city_table(struct small_city *small, const char *text)
{
    small_city_forget(small);
    small_city_write(small, "t", text);
    return table_read(folder_of(small->directory), span_of_string("t"), small->city, small->arena,
                      small->diag);
}

struct scratch *small_city_scratch(struct small_city *small, const struct rules *rules)
{
    struct policy policy = {.city = small->city, .rules = rules};
    scratch_destroy(&small->scratch);
    keywords_close(city_keywords(small->city));
    CHECK(keywords_compile(city_keywords(small->city), small->directory, small->diag) == OK);
    small->scratch = scratch_create(&policy);
    return small->scratch;
}

const char *small_city_finding(const struct small_city *small, size_t index)
{
    static char text[1024];
    if (index >= diag_count(small->diag))
        return "";
    const struct finding *finding = diag_at(small->diag, index);
    snprintf(text, sizeof text, "%u:%u %s", finding->line, finding->column, finding->text);
    return text;
}

struct place small_city_place(const struct small_city *small, const char *code)
{
    struct place place = places_find_code(city_places(small->city), span_of_string(code));
    CHECK(!place_is_none(place));
    return place;
}

struct category small_city_category(const struct small_city *small, const char *code)
{
    struct category category = city_category(small->city, span_of_string(code));
    CHECK(category.index != CATEGORY_NONE.index);
    return category;
}

struct facts small_city_facts(void)
{
    return (struct facts){
        .channel = CHANNEL_PHONE,
        .type = TYPE_COMPLAINT,
        .applicant = APPLICANT_CITIZEN,
        .urgency = URGENCY_NORMAL,
        .date = 20781, /* 2026-11-24 */
        .minute = 10 * 60,
        .line = LINE_NONE,
        .category = CATEGORY_NONE,
        .place = PLACE_NONE,
        .regime = REGIME_NORMAL,
        .earlier = FLAG_NO,
        .answered = FLAG_NO,
        .about = UNIT_NONE,
    };
}
