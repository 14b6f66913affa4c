/* A policy is what its files are: named by them, kept whole, refused whole.
 *
 * Policies are loaded from the small city with a small book; one byte of one file is changed at a
 * time.
 */
#include "base/file.h"
#include "domain/policy.h"
#include "tests/support/city_file.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char book[] = "table,note\nassign,all of it\n";
static const char assign[] = "F,category,function,tier\n"
                             ",in:category,out:function,out:tier\n"
                             ",category,function,tier\n"
                             "streets,#01,urban,county\n"
                             "else,-,desk,city\n";

static struct small_city small;
static struct policy *policy;

static void set_up(void)
{
    small_city_make(&small);
    city_file_write_text(&small, "rules/book.csv", book);
    city_file_write_text(&small, "rules/assign.csv", assign);
    small_city_forget(&small);
    cr_assert_eq(policy_load(small.directory, small.diag, &policy), OK, "%s",
                 diag_count(small.diag) > 0 ? city_file_finding(small.diag, 0) : "");
}

static void tear_down(void)
{
    policy_destroy(&policy);
    small_city_remove(&small);
}

TestSuite(policy, .init = set_up, .fini = tear_down);

Test(policy, the_same_files_are_the_same_policy_wherever_they_lie)
{
    struct small_city other;
    struct policy *copy;
    small_city_make(&other);
    city_file_write_text(&other, "rules/book.csv", book);
    city_file_write_text(&other, "rules/assign.csv", assign);
    cr_assert_eq(policy_load(other.directory, other.diag, &copy), OK);
    cr_expect_arr_eq(copy->hash, policy->hash, POLICY_HASH_BYTES);
    cr_expect(span_equal(copy->bundle, policy->bundle));
    cr_expect_eq(city_units(copy->city), city_units(policy->city));
    policy_destroy(&copy);
    cr_expect(copy == NULL);
    policy_destroy(&copy);
    small_city_remove(&other);
}

/* Takes the next file off a bundle: name LF size LF content LF. */
static bool next_file(struct span *rest, struct span *name, struct span *content)
{
    if (rest->bytes == 0)
        return false;
    const uint8_t *end = memchr(rest->data, '\n', rest->bytes);
    *name = span_of(rest->data, (size_t)(end - rest->data));
    char *behind;
    size_t bytes = strtoul((const char *)end + 1, &behind, 10);
    cr_assert_eq(*behind, '\n');
    *content = span_of(behind + 1, bytes);
    const uint8_t *next = content->data + bytes;
    cr_assert_eq(*next, '\n');
    *rest = span_of(next + 1, rest->bytes - (size_t)(next + 1 - rest->data));
    return true;
}

Test(policy, its_bundle_holds_all_files_and_its_hash_is_the_bundles)
{
    static const char *const names[] = {"places.csv",     "functions.csv", "units.csv", "lines.csv",
                                        "categories.csv", "calendar.csv",  NULL,        NULL};
    struct span rest = policy->bundle;
    struct span name;
    struct span content = {NULL, 0};
    uint32_t files = 0;
    for (; next_file(&rest, &name, &content); files++) {
        cr_assert_lt(files, 8);
        if (names[files] != NULL)
            cr_expect(span_is(name, names[files]));
    }
    cr_expect_eq(files, 8);
    cr_expect(span_is(content, assign), "the last table is the last file");
    uint8_t hash[POLICY_HASH_BYTES];
    crypto_generichash(hash, sizeof hash, policy->bundle.data, policy->bundle.bytes, NULL, 0);
    cr_expect_arr_eq(hash, policy->hash, sizeof hash);
}

Test(policy, a_change_in_any_file_makes_another_policy)
{
    static const char *const names[] = {"places.csv",     "functions.csv",   "units.csv",
                                        "lines.csv",      "categories.csv",  "calendar.csv",
                                        "rules/book.csv", "rules/assign.csv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        struct span content;
        struct policy *changed;
        snprintf(path, sizeof path, "%s/%s", small.directory, names[i]);
        cr_assert_eq(file_read(path, 1 << 20, small.arena, &content), OK);
        uint8_t *longer = arena_take(small.arena, content.bytes + 1);
        memcpy(longer, content.data, content.bytes);
        longer[content.bytes] = '\n'; /* means nothing, but is another file */
        city_file_write(&small, names[i], span_of(longer, content.bytes + 1));
        cr_assert_eq(policy_load(small.directory, small.diag, &changed), OK);
        cr_expect_neq(memcmp(changed->hash, policy->hash, POLICY_HASH_BYTES), 0, "%s", names[i]);
        policy_destroy(&changed);
        city_file_write(&small, names[i], content);
    }
    struct policy *again;
    cr_assert_eq(policy_load(small.directory, small.diag, &again), OK);
    cr_expect_arr_eq(again->hash, policy->hash, POLICY_HASH_BYTES);
    policy_destroy(&again);
}

Test(policy, a_mistake_anywhere_means_no_policy)
{
    struct policy *none = NULL;
    city_file_write_text(&small, "categories.csv", "code,name\n#0101,市容\n");
    city_file_write_text(&small, "rules/assign.csv", "F\n");
    cr_expect_eq(policy_load(small.directory, small.diag, &none), ERR_INVALID);
    cr_expect(none == NULL);
    bool city = false;
    bool rules = false;
    for (size_t i = 0; i < diag_count(small.diag); i++) {
        city |= strstr(diag_at(small.diag, i)->file, "categories.csv") != NULL;
        rules |= strstr(diag_at(small.diag, i)->file, "assign.csv") != NULL;
    }
    cr_expect(city && rules, "both are said at once");
    small_city_forget(&small);
    cr_expect_eq(policy_load("/nowhere/at/all", small.diag, &none), ERR_NOT_FOUND);
    cr_expect_str_eq(city_file_finding(small.diag, 0),
                     "all: is no directory; name the one that holds places.csv");
}

Test(policy, its_bundle_is_the_same_policy)
{
    struct policy *again;
    cr_assert_eq(policy_load_bundle("kept", policy->bundle, small.diag, &again), OK);
    cr_expect_arr_eq(again->hash, policy->hash, POLICY_HASH_BYTES);
    cr_expect(span_equal(again->bundle, policy->bundle));
    policy_destroy(&again);
}

Test(policy, kept_under_another_hash_is_damaged)
{
    struct policy *again = NULL;
    uint8_t hash[POLICY_HASH_BYTES];
    memcpy(hash, policy->hash, sizeof hash);
    small_city_forget(&small);
    cr_expect_eq(policy_load_kept("kept", hash, policy->bundle, small.diag, &again), OK);
    policy_destroy(&again);
    hash[POLICY_HASH_BYTES - 1] ^= 1;
    cr_expect_eq(policy_load_kept("kept", hash, policy->bundle, small.diag, &again), ERR_DAMAGED);
    cr_expect_null(again);
    cr_expect_eq(diag_count(small.diag), 1);
}

/* Each file lost in turn, by another name; and a bundle that ends early. */
Test(policy, a_bundle_that_lacks_something_is_refused_with_the_file)
{
    static const char *const names[] = {"places.csv",     "functions.csv",   "units.csv",
                                        "lines.csv",      "categories.csv",  "calendar.csv",
                                        "rules/book.csv", "rules/assign.csv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct policy *again = NULL;
        char file[64];
        char *bytes = arena_copy(small.arena, policy->bundle);
        struct span rest = policy->bundle;
        struct span name = {0};
        struct span content;
        while (!span_is(name, names[i]))
            cr_assert(next_file(&rest, &name, &content));
        bytes[name.data - policy->bundle.data] = 'x';
        small_city_forget(&small);
        cr_expect_eq(
            policy_load_bundle("kept", span_of(bytes, policy->bundle.bytes), small.diag, &again),
            ERR_INVALID);
        snprintf(file, sizeof file, "kept/%s", names[i]);
        cr_assert_gt(diag_count(small.diag), 0);
        bool said = false;
        for (size_t j = 0; j < diag_count(small.diag); j++)
            said |= strcmp(diag_at(small.diag, j)->file, file) == 0;
        cr_expect(said, "nothing is said of %s", file);
        cr_expect_null(again);
    }
    for (size_t bytes = 0; bytes < policy->bundle.bytes; bytes += 7) {
        struct policy *again = NULL;
        small_city_forget(&small);
        cr_expect_eq(
            policy_load_bundle("kept", span_of(policy->bundle.data, bytes), small.diag, &again),
            ERR_INVALID, "cut to %zu bytes", bytes);
        cr_expect_null(again);
    }
}

Test(policy, earlier_findings_are_not_held_against_it)
{
    struct policy *again;
    diag_add(small.diag, "elsewhere", 1, 1, "of another city");
    cr_expect_eq(policy_load(small.directory, small.diag, &again), OK);
    policy_destroy(&again);
}

/* Whatever a byte does to a city, it is loaded or the mistake is said; it never breaks anything. */
Test(policy, random_bytes_in_a_city_are_loaded_or_explained)
{
    static const char *const names[] = {"places.csv",     "functions.csv",   "units.csv",
                                        "lines.csv",      "categories.csv",  "calendar.csv",
                                        "rules/book.csv", "rules/assign.csv"};
    static const char bytes[] = "\n,\"#015-/{}a\xE5";
    unsigned seed = (unsigned)getpid();
    fprintf(stderr, "seed %u\n", seed);
    for (int round = 0; round < 500; round++) {
        const char *name = names[(size_t)rand_r(&seed) % (sizeof names / sizeof names[0])];
        char path[128];
        struct span content;
        struct policy *changed = NULL;
        snprintf(path, sizeof path, "%s/%s", small.directory, name);
        cr_assert_eq(file_read(path, 1 << 20, small.arena, &content), OK);
        uint8_t *copy = arena_take(small.arena, content.bytes);
        memcpy(copy, content.data, content.bytes);
        for (int i = 0; i < 3; i++)
            copy[(size_t)rand_r(&seed) % content.bytes] =
                (uint8_t)bytes[(size_t)rand_r(&seed) % (sizeof bytes - 1)];
        city_file_write(&small, name, span_of(copy, content.bytes));
        small_city_forget(&small);
        enum err err = policy_load(small.directory, small.diag, &changed);
        cr_assert_eq(err == OK, changed != NULL);
        cr_assert_eq(err == OK, diag_count(small.diag) == 0);
        policy_destroy(&changed);
        city_file_write(&small, name, content);
    }
}
