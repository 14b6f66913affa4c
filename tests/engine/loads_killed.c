/* `lianxin serve` with cases and loads, killed with SIGKILL at random moments, and started again
 * without a directory; then once more by a signal, and with another directory. Every load that was
 * answered stands in the history with the serial that it was told, every case was decided by the
 * book that the history has for its serial, and the store verifies. The seed decides after how many
 * answers each kill comes. */
#include "tests/engine/changes.h"
#include "tests/engine/served.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { KILLS = 15, CASES = 6000, APART = CASES / (KILLS + 1), WINDOW = 64, STEP_MS = 1 };
enum { LOADS_MAX = 4000, CHANGES_MAX = LOADS_MAX };

struct ordeal {
    struct served served;
    struct small_city cities[BOOKS];
    uint64_t random;
    struct {
        uint64_t serial;
        uint32_t book;
    } answers[CASES];
    uint32_t answers_count;
    struct {
        uint64_t from_serial;
        uint32_t book;
    } told[LOADS_MAX], changes[CHANGES_MAX];
    uint32_t told_count, changes_count;
    uint32_t policies[BOOKS]; /* their numbers; 0: not known yet */
    struct lianxin_client *client;
    uint32_t loading; /* the book that is being loaded; BOOKS: none is */
};

static struct ordeal ordeal;

static uint32_t draw(uint32_t limit)
{
    ordeal.random = ordeal.random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(ordeal.random >> 33) % limit;
}

static uint32_t book_of(const char *unit)
{
    uint32_t book = 0;
    while (book < BOOKS && strcmp(books_unit(book), unit) != 0)
        book++;
    cr_assert_lt(book, (uint32_t)BOOKS, "%s", unit);
    return book;
}

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    (void)self;
    (void)tag;
    cr_assert(answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED ||
              answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE);
    ordeal.answers[ordeal.answers_count].serial = answer->serial;
    ordeal.answers[ordeal.answers_count++].book = book_of(answer->unit);
}

/* -- loads ------------------------------------------------------------------------------------- */

static void start_load(uint32_t book)
{
    Lianxin__V1__Load load = LIANXIN__V1__LOAD__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    load.directory = ordeal.cities[book].directory;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOAD;
    request.load = &load;
    cr_assert_eq(lianxin_client_start(ordeal.client, &request), OK);
    ordeal.loading = book;
}

static void take_change(const Lianxin__V1__Changed *changed)
{
    ordeal.policies[ordeal.loading] = changed->in_force->book->policy;
    cr_assert_eq(changed->n_findings, 0);
    if (!changed->changed)
        return;
    ordeal.told[ordeal.told_count].from_serial = changed->in_force->from_serial;
    ordeal.told[ordeal.told_count++].book = ordeal.loading;
}

static void load_on(void)
{
    Lianxin__V1__Reply *reply;
    if (ordeal.loading == BOOKS && ordeal.told_count < LOADS_MAX)
        start_load(draw(BOOKS));
    if (lianxin_client_step(ordeal.client, 0, &reply) != OK)
        return;
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED);
    take_change(reply->changed);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    ordeal.loading = BOOKS;
}

/* Whatever became of the load that is under way, nobody will be told. */
static void open_client(void)
{
    struct lianxin_client_options once = {.resend_ms = UINT32_MAX / 2};
    lianxin_client_close(&ordeal.client);
    cr_assert_eq(lianxin_client_open(ordeal.served.front, &once, &ordeal.client), OK);
    ordeal.loading = BOOKS;
}

/* -- under fire -------------------------------------------------------------------------------- */

static void submit_more(struct lianxin_submitter *submitter, uint32_t *sent)
{
    char id[16];
    Lianxin__V1__Case one = small_case(id);
    for (; *sent < CASES; ++*sent) {
        snprintf(id, sizeof id, "%u", *sent);
        if (lianxin_submitter_submit(submitter, &one, *sent) != OK)
            break;
    }
    cr_assert_eq(lianxin_submitter_step(submitter, STEP_MS), OK, "%s", lianxin_why());
}

static void kill_and_restart(uint32_t kills)
{
    static const char *const threads[] = {"4", "6", "1", "2"};
    served_end(&ordeal.served, SIGKILL);
    ordeal.served.city = NULL;
    ordeal.served.threads = threads[kills % (sizeof threads / sizeof threads[0])];
    served_start(&ordeal.served);
    open_client();
}

static void run_under_fire(void)
{
    struct lianxin_submitter_options options = {
        .answered = answered, .window = WINDOW, .per_message = 4, .resend_ms = 200};
    struct lianxin_submitter *submitter;
    uint32_t sent = 0;
    uint32_t kills = 0;
    uint32_t next_kill = draw(APART);
    cr_assert_eq(lianxin_submitter_open(ordeal.served.front, &options, &submitter), OK);
    while (ordeal.answers_count < CASES) {
        submit_more(submitter, &sent);
        load_on();
        if (kills < KILLS && ordeal.answers_count >= next_kill) {
            kill_and_restart(kills);
            kills++;
            next_kill = kills * APART + draw(APART);
        }
    }
    cr_assert_eq(kills, (uint32_t)KILLS);
    lianxin_submitter_close(&submitter);
}

/* -- judging ----------------------------------------------------------------------------------- */

static uint32_t book_of_policy(uint32_t policy)
{
    uint32_t book = 0;
    while (book < BOOKS && ordeal.policies[book] != policy)
        book++;
    cr_assert_lt(book, (uint32_t)BOOKS, "policy %u", policy);
    return book;
}

/* The latest first. */
static void read_history(void)
{
    Lianxin__V1__History history = LIANXIN__V1__HISTORY__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_HISTORY;
    request.history = &history;
    ordeal.changes_count = 0;
    do {
        Lianxin__V1__Reply *reply = served_ask(&ordeal.served, &request);
        cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_HISTORY);
        for (size_t i = 0; i < reply->history->n_changes; i++) {
            const Lianxin__V1__Change *change = reply->history->changes[i];
            cr_assert_lt(ordeal.changes_count, (uint32_t)CHANGES_MAX);
            ordeal.changes[ordeal.changes_count].from_serial = change->from_serial;
            ordeal.changes[ordeal.changes_count++].book = book_of_policy(change->book->policy);
        }
        history.before = reply->history->next;
        lianxin__v1__reply__free_unpacked(reply, NULL);
    } while (history.before != 0);
}

static uint32_t change_at(uint64_t serial)
{
    uint32_t i = 0;
    while (ordeal.changes[i].from_serial > serial)
        i++;
    return i;
}

static void judge(void)
{
    for (uint32_t i = 0; i < ordeal.told_count; i++) {
        uint32_t change = change_at(ordeal.told[i].from_serial);
        cr_assert_eq(ordeal.changes[change].from_serial, ordeal.told[i].from_serial);
        cr_assert_eq(ordeal.changes[change].book, ordeal.told[i].book);
    }
    for (uint32_t i = 0; i < ordeal.answers_count; i++)
        cr_assert_eq(ordeal.answers[i].book,
                     ordeal.changes[change_at(ordeal.answers[i].serial)].book);
}

static Lianxin__V1__Reply *ask_status(void)
{
    Lianxin__V1__Status status = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    return served_ask(&ordeal.served, &request);
}

static uint32_t policy_in_force(void)
{
    Lianxin__V1__Reply *reply = ask_status();
    uint32_t policy = reply->status->policy;
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return policy;
}

/* Waits for what a signal was to bring about: the loader needs a moment. */
static void expect_soon(uint32_t policy)
{
    enum { LOOKS = 20000 };
    for (int i = 0; i < LOOKS && policy_in_force() != policy; i++)
        ;
    cr_expect_eq(policy_in_force(), policy);
}

static void be_told_by_signal(void)
{
    uint32_t before = policy_in_force();
    uint32_t other = (book_of_policy(before) + 1) % BOOKS;
    served_end(&ordeal.served, SIGTERM);
    ordeal.served.city = ordeal.cities[book_of_policy(before)].directory;
    served_start(&ordeal.served);
    cr_expect_eq(policy_in_force(), before);
    static const char *const functions[BOOKS] = {"urban", "water", "police"};
    small_book_write(&ordeal.cities[book_of_policy(before)], functions[other]);
    cr_assert_eq(kill(ordeal.served.process, SIGHUP), 0);
    expect_soon(ordeal.policies[other]);
    served_end(&ordeal.served, SIGKILL);
    served_start(&ordeal.served);
    cr_expect_eq(policy_in_force(), ordeal.policies[other], "what was read again is no change");
    cr_expect_null(strstr(served_said(&ordeal.served), "is not what was in force last"));
    served_end(&ordeal.served, SIGTERM);
    ordeal.served.city = ordeal.cities[other].directory;
    small_book_write(&ordeal.cities[other], functions[book_of_policy(before)]);
    served_start(&ordeal.served);
    cr_expect_eq(policy_in_force(), before);
    cr_expect_not_null(strstr(served_said(&ordeal.served), "is not what was in force last"));
}

Test(engine, killed_around_loads_it_knows_which_book_decided, .timeout = 300)
{
    const char *given = getenv("LIANXIN_SEED");
    ordeal.random = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)getpid() * 2654435761u;
    fprintf(stderr, "LIANXIN_SEED=%llu\n", (unsigned long long)ordeal.random);
    static const char *const functions[BOOKS] = {"urban", "water", "police"};
    for (uint32_t i = 0; i < BOOKS; i++) {
        small_city_make(&ordeal.cities[i]);
        small_book_write(&ordeal.cities[i], functions[i]);
    }
    served_init(&ordeal.served);
    ordeal.served.city = ordeal.cities[0].directory;
    served_start(&ordeal.served);
    open_client();
    for (uint32_t i = 0; i < BOOKS; i++) {
        start_load((i + 1) % BOOKS);
        while (ordeal.loading != BOOKS)
            load_on();
    }
    run_under_fire();
    lianxin_client_close(&ordeal.client);
    read_history();
    judge();
    fprintf(stderr, "%u loads were answered, %u stand in the history\n", ordeal.told_count,
            ordeal.changes_count - 1);
    be_told_by_signal();
    served_end(&ordeal.served, SIGTERM);
    small_verify(ordeal.served.store);
    served_fini(&ordeal.served);
    for (uint32_t i = 0; i < BOOKS; i++)
        small_city_remove(&ordeal.cities[i]);
}
