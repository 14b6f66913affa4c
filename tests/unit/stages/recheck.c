/* Decisions made again out of a store that was written by hand: those that follow from case and
 * policy are found right, and one that does not is found, with its ticket and row, however small
 * the difference. That whatever an engine writes is found right is shown wherever a test of a whole
 * engine ends.
 */
#include "stages/recheck.h"

#include "base/check.h"
#include "lianxin.pb-c.h"
#include "stages/3_route.h"
#include "store/group.h"
#include "tests/support/small_city.h"
#include "wire/wire.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <lmdb.h>
#include <stdlib.h>

#define START_MS 1795500000000

static struct small_city small;
static struct policy *policy;
static struct scratch *scratch;
static struct store *store;
static char path[] = "/tmp/lianxin-recheck-XXXXXX";
static uint64_t cases;
static struct recheck_counts counts;

static void set_up(void)
{
    struct store_options options = {.path = path};
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\nwords,\nassign,\n");
    small_city_write(&small, "words",
                     "C+,关键词,事项,权重\n,in:text,out:category,out:weight\n,,category,number\n"
                     "rubbish,any(垃圾),#0102,5\n");
    small_city_write(&small, "assign",
                     "F,事项,层级,职能,办理时限\n,in:category,out:tier,out:function,out:limit\n"
                     ",category,tier,function,limit\n"
                     "urban,#01,county,urban,7wd\n"
                     "else,-,city,desk,2wd\n");
    cr_assert_eq(policy_load(small.directory, small.diag, &policy), OK, "%s",
                 small_city_finding(&small, 0));
    scratch = scratch_create(policy);
    cr_assert_not_null(mkdtemp(path));
    cr_assert_eq(store_open(&options, small.diag, &store), OK);
    cr_assert_eq(store_put_policy(store, policy), OK);
}

static int remove_one(const char *name, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;
    return remove(name);
}

static void tear_down(void)
{
    store_close(&store);
    scratch_destroy(&scratch);
    policy_destroy(&policy);
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    small_city_remove(&small);
}

TestSuite(recheck, .init = set_up, .fini = tear_down);

/* -- a store ----------------------------------------------------------------------------------- */

typedef void falsifier(struct decision *decision);

static void append(const struct event_text *text, const struct ticket *ticket)
{
    struct event_parts parts;
    uint8_t *room = store_room(store, 0, wire_event_bytes_max(text));
    cr_assert_not_null(room);
    wire_event_write(text, room, &parts);
    struct event_draft draft = {.serial = text->serial,
                                .previous = text->previous,
                                .time_ms = text->time_ms,
                                .kind = text->kind,
                                .ticket_open = true,
                                .key = ticket->key,
                                .content = ticket->content,
                                .open_bytes = parts.open.bytes,
                                .story_bytes = parts.story.bytes,
                                .reporter_bytes = parts.reporter.bytes};
    cr_assert_eq(store_append(store, &draft), OK);
}

/* A case with this text, decided as route does, but for what is falsified. */
static void add(const char *text, falsifier *falsify)
{
    static uint8_t bytes[2048];
    char id[16];
    char number[NUMBER_BYTES_MAX];
    struct ticket ticket;
    struct facts facts;
    struct routing routing;
    struct misfit misfit;
    struct ticket_state state;
    Lianxin__V1__Case one = LIANXIN__V1__CASE__INIT;
    snprintf(id, sizeof id, "%llu", (unsigned long long)++cases);
    number_format(day_of_ms(START_MS), cases, number);
    one.source = "test";
    one.external_id = id;
    one.channel = LIANXIN__V1__CHANNEL__CHANNEL_PHONE;
    one.type = LIANXIN__V1__TYPE__TYPE_HELP;
    one.text = (char *)text;
    struct span submitted = span_of(bytes, lianxin__v1__case__pack(&one, bytes));
    wire_case_read(submitted, 1, START_MS, &ticket, &misfit);
    cr_assert(ticket.valid, "%s", misfit.message);
    facts_set_moment(&ticket.facts, START_MS);
    ticket.facts.regime = REGIME_NORMAL;
    route_decide(policy, &ticket, false, scratch, &facts, &routing, &misfit);
    cr_assert(routing.valid, "%s", misfit.message);
    if (falsify != NULL)
        falsify(&routing.decision);
    struct dues dues = decide_dues(policy, &routing.decision, START_MS);
    tickets_begin(&state, policy->city, &routing.decision, &dues);
    struct event_text event = {.number = store_next(store),
                               .serial = store_next(store),
                               .time_ms = START_MS,
                               .kind = KIND_CASE,
                               .ticket = number,
                               .state = &state,
                               .policy = policy,
                               .decision = &routing.decision,
                               .submitted = submitted};
    append(&event, &ticket);
}

static void keep(void)
{
    store_seal(store);
    cr_assert_eq(store_write(store), OK);
    store_keep(store);
    store_close(&store);
}

struct checking {
    struct recheck *recheck;
    struct diag *diag;
};

static void check_event(void *self, struct store_reader *reader, const struct event_view *event)
{
    struct checking *checking = self;
    recheck_event(checking->recheck, reader, event, path, checking->diag);
}

/* What is wrong with the closed store, line after line. */
static const char *check(void)
{
    static char all[4096];
    struct store_proof proof;
    struct checking checking = {recheck_create(), diag_create()};
    enum err err = store_verify(path, checking.diag, NULL, check_event, &checking, &proof);
    cr_assert_eq(err, OK);
    counts = recheck_counts(checking.recheck);
    all[0] = '\0';
    for (size_t i = 0; i < diag_count(checking.diag); i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s\n",
                 diag_at(checking.diag, i)->text);
    recheck_destroy(&checking.recheck);
    diag_destroy(&checking.diag);
    return all;
}

/* -- what is found ----------------------------------------------------------------------------- */

Test(recheck, finds_nothing_where_decisions_follow)
{
    add("漹城街道的垃圾没有人收", NULL);
    add("", NULL);
    add("占道", NULL);
    keep();
    cr_expect_str_eq(check(), "");
    cr_expect_eq(counts.recomputed, 3);
    cr_expect_eq(counts.erased, 0);
}

static void other_tier(struct decision *decision)
{
    decision->tier = TIER_TOWNSHIP;
}

static void other_limit(struct decision *decision)
{
    decision->limit.count++;
}

static void other_row(struct decision *decision)
{
    decision->rows[1].row = 1;
}

static void fewer_rows(struct decision *decision)
{
    decision->rows_count--;
}

static void from_nowhere(struct decision *decision)
{
    decision->category_from_words = false;
}

Test(recheck, finds_a_decision_that_does_not_follow_and_names_ticket_and_row)
{
    const struct {
        falsifier *falsify;
        const char *finding;
    } bad[] = {
        {other_tier, "its decision cites the rows that policy 1 decides by, up to assign/urban, "
                     "but does not say what they say\n"},
        {other_limit, "its decision cites the rows that policy 1 decides by, up to assign/urban, "
                      "but does not say what they say\n"},
        {from_nowhere, "its decision cites the rows that policy 1 decides by, up to assign/urban, "
                       "but does not say what they say\n"},
        {other_row, "its decision cites assign/else, where policy 1 decides by assign/urban\n"},
        {fewer_rows, "its decision cites no other row, where policy 1 decides by assign/urban\n"},
    };
    char expected[2048] = "";
    enum { COUNT = sizeof bad / sizeof bad[0] };
    for (size_t i = 0; i < COUNT; i++) {
        char number[NUMBER_BYTES_MAX];
        number_format(day_of_ms(START_MS), i + 1, number);
        add("夹江县的垃圾", bad[i].falsify);
        snprintf(expected + strlen(expected), sizeof expected - strlen(expected),
                 "event %zu, ticket %s: %s", i + 1, number, bad[i].finding);
    }
    keep();
    cr_expect_str_eq(check(), expected);
    cr_expect_eq(counts.recomputed, (uint64_t)COUNT);
}

/* -- odd stores -------------------------------------------------------------------------------- */

static uint8_t copy[64 * 1024]; /* of a row */
static size_t copy_bytes;       /* 0: it is to be deleted */

typedef void spoiling(void);

/* Changes a row of the closed store behind its back. */
static void spoil(const char *table_name, void *key_bytes, size_t key_count, spoiling *spoil_it)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi table;
    MDB_val key = {key_count, key_bytes};
    MDB_val value;
    cr_assert_eq(mdb_env_create(&env), 0);
    cr_assert_eq(mdb_env_set_maxdbs(env, 16), 0);
    cr_assert_eq(mdb_env_open(env, path, MDB_NOSYNC, 0644), 0);
    cr_assert_eq(mdb_txn_begin(env, NULL, 0, &txn), 0);
    cr_assert_eq(mdb_dbi_open(txn, table_name, 0, &table), 0);
    cr_assert_eq(mdb_get(txn, table, &key, &value), 0);
    cr_assert_leq(value.mv_size, sizeof copy);
    copy_bytes = value.mv_size;
    memcpy(copy, value.mv_data, copy_bytes);
    spoil_it();
    value = (MDB_val){copy_bytes, copy};
    cr_assert_eq(copy_bytes == 0 ? mdb_del(txn, table, &key, NULL)
                                 : mdb_put(txn, table, &key, &value, 0),
                 0);
    cr_assert_eq(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void spoil_policy(spoiling *spoil_it)
{
    uint8_t number[] = {0, 0, 0, 1};
    spoil("policies", number, sizeof number, spoil_it);
}

static void exchange(const char *from, const char *to)
{
    uint8_t *at = memmem(copy, copy_bytes, from, strlen(from));
    cr_assert(at != NULL && strlen(from) == strlen(to));
    memcpy(at, to, strlen(to));
}

static void expect_findings(const char *first, const char *second)
{
    const char *findings = check();
    const char *behind = strchr(findings, '\n');
    cr_expect_not_null(strstr(findings, first), "%s", findings);
    cr_assert_not_null(behind);
    cr_expect_not_null(strstr(behind, second), "%s", findings);
    cr_expect_eq(counts.recomputed, 0);
}

static void another_function(void)
{
    exchange("urban,#01,county,urban,7wd", "urban,#01,county,water,7wd");
}

static void no_category(void)
{
    exchange("urban,#01,county,urban,7wd", "urban,#99,county,urban,7wd");
}

static void nothing(void)
{
    copy_bytes = 0;
}

Test(recheck, says_once_that_a_policy_was_exchanged)
{
    add("垃圾", NULL);
    add("垃圾", NULL);
    keep();
    spoil_policy(another_function);
    expect_findings("is not what its hash says: the store is damaged",
                    "event 1, ticket 20261124-000001-");
    const char *findings = check();
    cr_expect_null(strstr(strstr(findings, "hash") + 1, "hash"), "%s", findings);
    cr_expect_not_null(strstr(findings, "its decision cannot be made again without policy 1"));
}

Test(recheck, says_that_a_policy_cannot_be_read)
{
    add("垃圾", NULL);
    keep();
    spoil_policy(no_category);
    expect_findings("#99", "event 1, ticket 20261124-000001-");
}

Test(recheck, says_that_a_policy_is_gone)
{
    add("垃圾", NULL);
    keep();
    spoil_policy(nothing);
    expect_findings("is not in the store", "event 1, ticket 20261124-000001-");
}

/* Overwrites what the citizen said in the first event, as erasing does. */
static void erase(void)
{
    enum { SALT_BYTES = 8 };
    struct group_view group;
    struct event_view event;
    cr_assert(group_open(span_of(copy, copy_bytes), &group));
    cr_assert(group_event(&group, 1, &event));
    memset(copy + (event.story.data - copy), 0,
           event.story.bytes + event.reporter.bytes + SALT_BYTES);
}

Test(recheck, counts_what_cannot_be_decided_again_since_it_was_erased)
{
    uint8_t first[] = {0, 0, 0, 0, 0, 0, 0, 1};
    add("夹江县的垃圾", NULL);
    add("夹江县的垃圾", NULL);
    keep();
    spoil("log", first, sizeof first, erase);
    cr_expect_str_eq(check(), "");
    cr_expect_eq(counts.recomputed, 1);
    cr_expect_eq(counts.erased, 1);
}
