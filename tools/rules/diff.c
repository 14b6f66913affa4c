/* diff - what another rule book would have made of the cases of a store. */
#include "base/check.h"
#include "tools/command.h"
#include "tools/compare/comparison.h"
#include "tools/rules/rules.h"

#include <errno.h>
#include <string.h>

enum { KEY_STORE = KEY_FIRST_OWN, KEY_HTML, KEY_TITLES };

struct asked {
    const char *books[SIDES];
    const char *store;
    const char *html;
    bool titles;
    bool json;
};

static const struct argp_option options[] = {
    {"store", KEY_STORE, "DIR", 0, "Whose tickets are decided again", 0},
    {"html", KEY_HTML, "FILE", 0, "Write a page with charts as well, to be read or printed", 0},
    {"titles", KEY_TITLES, NULL, 0, "Show the titles of samples, which are personal data", 0},
    {"json", KEY_JSON, NULL, 0, "One JSON object instead of tables", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct asked *asked = state->input;
    switch (key) {
    case KEY_STORE:
        asked->store = argument;
        return 0;
    case KEY_HTML:
        asked->html = argument;
        return 0;
    case KEY_TITLES:
        asked->titles = true;
        return 0;
    case KEY_JSON:
        asked->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num >= SIDES)
            return ARGP_ERR_UNKNOWN;
        asked->books[state->arg_num] = argument;
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num < SIDES)
            argp_error(state, "two books are needed, the old one and the new one");
        if (asked->store == NULL)
            argp_error(state, "--store is needed: whose tickets are decided again");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "OLD NEW",
    .doc =
        "Decide every ticket of a store by two rule books, and say what would be handled "
        "otherwise: which go elsewhere, from which unit to which, by row, tier and category, "
        "with samples; the load of each unit before and after; other clocks, urgencies, "
        "co-units. A book is a city's directory, or the hash of a policy that the store keeps, 8 "
        "digits or more. An engine may be running on the store; it is not disturbed.",
};

/* A file half written takes no name. */
static int write_page(const struct comparison *comparison, const char *path)
{
    FILE *out = fopen(path, "w");
    if (out != NULL) {
        comparison_print_page(comparison, out);
        bool written = ferror(out) == 0;
        if (fclose(out) == 0 && written)
            return DONE;
    }
    fprintf(stderr, "lianxin: %s: %s\n", path, strerror(errno));
    return MACHINE;
}

static int tell(const struct asked *asked, const struct store_look *look,
                const struct difference *difference, const struct edits *edits)
{
    struct sampler sampler;
    struct comparison comparison = {.difference = difference,
                                    .edits = edits,
                                    .store = asked->store,
                                    .made_ms = clock_wall_ms(&clock_system),
                                    .sampler = &sampler};
    if (sampler_open(look, asked->titles, &sampler) != OK) {
        fprintf(stderr, "lianxin: %s: cannot be read\n", asked->store);
        return MACHINE;
    }
    for (enum side side = 0; side < SIDES; side++) {
        comparison.books[side] = asked->books[side];
        named_book_hash(difference->pair->policies[side], comparison.hashes[side]);
    }
    if (asked->json)
        comparison_print_json(&comparison, stdout);
    else
        comparison_print(&comparison, stdout);
    int code = asked->html != NULL ? write_page(&comparison, asked->html) : DONE;
    sampler_close(&sampler);
    return code;
}

static int compare(const struct asked *asked, const struct store_look *look,
                   struct policy *const policies[SIDES], struct diag *diag)
{
    struct arena *arena = arena_create();
    struct pair pair;
    struct difference difference;
    struct edits edits;
    pair_init(&pair, policies[SIDE_OLD], policies[SIDE_NEW], arena);
    enum err err = difference_count(look, &pair, HISTORY_THREADS, &difference, diag);
    int code = MACHINE;
    if (err == OK) {
        edits_find(policies[SIDE_OLD], policies[SIDE_NEW], arena, &edits);
        code = tell(asked, look, &difference, &edits);
        difference_free(&difference);
    }
    arena_destroy(&arena);
    return code;
}

static int open_and_compare(const struct asked *asked, struct diag *diag)
{
    struct store_look *look = NULL;
    struct policy *policies[SIDES] = {NULL, NULL};
    int code = WRONG;
    enum err err = store_look_open(asked->store, diag, &look);
    for (enum side side = 0; err == OK && side < SIDES; side++)
        err = named_book_open(asked->books[side], look, diag, &policies[side]);
    if (err == OK)
        code = compare(asked, look, policies, diag);
    for (enum side side = 0; side < SIDES; side++)
        policy_destroy(&policies[side]);
    store_look_close(&look);
    return code;
}

int rules_diff(int argc, char **argv)
{
    struct asked asked = {.store = NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &asked);
    struct diag *diag = diag_create();
    int code = open_and_compare(&asked, diag);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    return code;
}
