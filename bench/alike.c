#include "bench/alike.h"

#include "bench/document.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { PATH_BYTES = 64 };

/* What has to be the same, and what it is called. */
static const struct {
    const char *path, *name;
} sames[] = {
    {"profile", "profile"},
    {"cases", "number of cases"},
    {"setup.city", "city"},
    {"setup.seed", "seed"},
    {"setup.per_message", "number of cases a message"},
    {"setup.text_only", "text_only"},
    {"setup.rate", "rate"},
    {"setup.compress", "compression of time"},
    {"setup.years", "number of years in the store"},
    {"setup.durability", "durability"},
};

static const char *const zeros[] = {"lost", "doubled", "misdirected", "damaged"};

bool alike_at(const json_t *a, const json_t *b, const char *path)
{
    const json_t *left = document_at(a, path), *right = document_at(b, path);
    return left == right || json_equal((json_t *)left, (json_t *)right);
}

/* -- may they be compared? ------------------------------------------------------------------- */

static void check_whole(const json_t *result, const char *path, struct diag *diag)
{
    for (size_t i = 0; i < COUNT(zeros); i++)
        if (document_number(result, zeros[i], 0) != 0)
            diag_add(diag, path, 0, 0, "%.0f cases were %s; such a run has no figures",
                     document_number(result, zeros[i], 0), zeros[i]);
    const json_t *series = json_object_get(result, "series");
    for (size_t i = 0; i < json_array_size(series); i++)
        check_whole(json_array_get(series, i), path, diag);
}

/* Of a series the number of cases is each entry's own. */
static bool must_be_alike(const json_t *result, size_t same)
{
    return strcmp(sames[same].path, "cases") != 0 || json_object_get(result, "series") == NULL;
}

void alike_check(const json_t *a, const char *a_path, const json_t *b, const char *b_path,
                 struct diag *diag)
{
    char a_text[DOCUMENT_TEXT_BYTES], b_text[DOCUMENT_TEXT_BYTES];
    check_whole(a, a_path, diag);
    check_whole(b, b_path, diag);
    for (size_t i = 0; i < COUNT(sames); i++)
        if (must_be_alike(a, i) && !alike_at(a, b, sames[i].path))
            diag_add(diag, b_path, 0, 0,
                     "the %s is %s, in %s it is %s; results compare where the same was done",
                     sames[i].name, document_text(b, sames[i].path, b_text), a_path,
                     document_text(a, sames[i].path, a_text));
}

/* -- setup ----------------------------------------------------------------------------------- */

static bool is_checked(const char *path)
{
    for (size_t i = 0; i < COUNT(sames); i++)
        if (strcmp(path, sames[i].path) == 0)
            return true;
    return false;
}

/* Both is the setup of one with the other's over it, so it has the names of either. */
static size_t print_differences(const json_t *a, const json_t *b, const char *path, json_t *both,
                                FILE *out)
{
    char a_text[DOCUMENT_TEXT_BYTES], b_text[DOCUMENT_TEXT_BYTES], inner[PATH_BYTES];
    size_t printed = 0;
    const char *key;
    json_t *value;
    json_object_foreach(both, key, value)
    {
        snprintf(inner, sizeof inner, "%s.%s", path, key);
        if (json_is_object(value)) {
            printed += print_differences(a, b, inner, value, out);
        } else if (!is_checked(inner) && !alike_at(a, b, inner)) {
            fprintf(out, "  %-22s %s -> %s\n", strchr(inner, '.') + 1,
                    document_text(a, inner, a_text), document_text(b, inner, b_text));
            printed++;
        }
    }
    return printed;
}

void alike_print_setup(const json_t *a, const json_t *b, FILE *out)
{
    json_t *setup = json_object_get(a, "setup");
    json_t *both = json_is_object(setup) ? json_deep_copy(setup) : json_object();
    json_object_update_recursive(both, json_object_get(b, "setup"));
    if (print_differences(a, b, "setup", both, out) == 0)
        fprintf(out, "  nothing\n");
    json_decref(both);
}
