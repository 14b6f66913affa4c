#include "stages/loader.h"

#include "base/say.h"
#include "domain/check/check.h"
#include "stages/shelf.h"

#include <stdio.h>

struct loader_stage {
    struct pipeline *pipeline;
    const struct store *store;
    struct store_reader *reader;
    struct loader_options options;
};

/* -- reading ----------------------------------------------------------------------------------- */

enum err loader_read(const char *directory, int64_t now_ms, struct diag *findings,
                     struct policy **policy)
{
    enum err err = policy_load(directory, findings, policy);
    if (err == OK)
        err = check_book(*policy, day_of_ms(now_ms), findings);
    if (err != OK)
        policy_destroy(policy);
    return err;
}

/* Out of the snapshot, which compiling would keep open for too long. */
static enum err copy_kept(struct store_reader *reader, uint32_t number, struct arena *arena,
                          uint8_t hash[POLICY_HASH_BYTES], struct span *bundle)
{
    enum err err = store_reader_begin(reader);
    if (err != OK)
        return err;
    err = store_reader_policy(reader, number, hash, bundle);
    if (err == OK)
        *bundle = span_of(arena_copy(arena, *bundle), bundle->bytes);
    store_reader_end(reader);
    return err;
}

enum err loader_read_kept(struct store_reader *reader, uint32_t number, struct diag *findings,
                          struct policy **policy)
{
    uint8_t hash[POLICY_HASH_BYTES];
    char name[32];
    struct span bundle;
    struct arena *arena = arena_create();
    snprintf(name, sizeof name, "policy %u", number);
    enum err err = copy_kept(reader, number, arena, hash, &bundle);
    if (err == OK)
        err = policy_load_kept(name, hash, bundle, findings, policy);
    arena_destroy(&arena);
    return err;
}

/* -- one that was kept ------------------------------------------------------------------------- */

/* Short of a hash, and all digits. */
static bool is_number(struct span text)
{
    for (size_t i = 0; i < text.bytes; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.bytes < SHELF_HASH_DIGITS_MIN;
}

static bool misname(struct misfit *misfit, struct span to, const char *why)
{
    *misfit = (struct misfit){.field = "to", .value = to};
    snprintf(misfit->message, sizeof misfit->message, "%s", why);
    return false;
}

static bool find_hash(struct store_reader *reader, struct span to, uint32_t *number,
                      struct misfit *misfit)
{
    if (store_reader_begin(reader) != OK)
        return misname(misfit, to, "the store cannot be read");
    enum err err = shelf_find(reader, to, number);
    store_reader_end(reader);
    if (err == ERR_INVALID)
        return misname(misfit, to,
                       "is neither a policy's number nor 8 or more digits of its hash; see "
                       "lianxin rules history");
    if (err == ERR_FULL)
        return misname(misfit, to, "begins several hashes; give more digits");
    return err == OK || misname(misfit, to, "is the hash of no policy that this store has kept");
}

static bool find_kept(struct store_reader *reader, struct span to, uint32_t *number,
                      struct misfit *misfit)
{
    if (!is_number(to))
        return find_hash(reader, to, number, misfit);
    for (size_t i = 0; i < to.bytes; i++)
        *number = *number * 10 + (to.data[i] - '0');
    return true;
}

/* -- an order ---------------------------------------------------------------------------------- */

static void refuse(struct order *order, const char *why)
{
    order->loaded = LOADED_REFUSED;
    order->misfit = (struct misfit){.field = ""};
    snprintf(order->misfit.message, sizeof order->misfit.message, "%s", why);
}

static struct policy *read_kept(struct loader_stage *stage, struct order *order)
{
    struct policy *policy = NULL;
    uint32_t number = 0;
    order->loaded = LOADED_REFUSED;
    if (!find_kept(stage->reader, order->change.to, &number, &order->misfit))
        return NULL;
    enum err err = loader_read_kept(stage->reader, number, order->findings, &policy);
    if (err == ERR_NOT_FOUND)
        misname(&order->misfit, order->change.to,
                "is the number of no policy that this store has kept");
    else if (diag_count(order->findings) > 0)
        order->loaded = LOADED_WRONG;
    else if (err != OK)
        refuse(order, "the store cannot be read; stop the engine and run lianxin verify");
    return policy;
}

/* One engine is one city's: tickets, feeds and the desk are. */
static bool is_of_this_city(const struct loader_stage *stage, const struct order *order,
                            const char *directory, const struct policy *policy)
{
    const struct city *here = stage->pipeline->books[order->in_force].policy->city;
    struct span code = place_code(city_places(policy->city), (struct place){0});
    struct span own = place_code(city_places(here), (struct place){0});
    if (span_equal(code, own))
        return true;
    diag_add(order->findings, directory, 0, 0,
             "is the city of %.*s (%.*s), and this engine is that of %.*s (%.*s); another city has "
             "an engine and a store of its own",
             SPAN_ARG(city_name(policy->city)), SPAN_ARG(code), SPAN_ARG(city_name(here)),
             SPAN_ARG(own));
    return false;
}

static struct policy *read_directory(struct loader_stage *stage, struct order *order)
{
    char path[WIRE_DIRECTORY_BYTES_MAX + 1];
    const char *directory = path;
    struct policy *policy = NULL;
    snprintf(path, sizeof path, "%.*s", SPAN_ARG(order->change.directory));
    if (order->how == HOW_SIGHUP)
        directory = stage->options.city;
    if (directory == NULL) {
        refuse(order, "the engine was started without --city, so there is nothing to read again");
        return NULL;
    }
    order->loaded = LOADED_WRONG;
    int64_t now_ms = clock_wall_ms(stage->pipeline->clock);
    if (loader_read(directory, now_ms, order->findings, &policy) == OK &&
        !is_of_this_city(stage, order, directory, policy))
        policy_destroy(&policy);
    return policy;
}

static bool keep(struct loader_stage *stage, struct order *order, struct policy *policy)
{
    enum err err = store_add_policy(stage->store, policy);
    if (err != OK)
        refuse(order, err == ERR_FULL ? "the disk is full, so nothing has changed"
                                      : "the disk fails, so nothing has changed");
    return err == OK;
}

static void sign(const struct loader_stage *stage, const struct order *order, struct book *book)
{
    const struct book *before = &stage->pipeline->books[order->in_force];
    struct wire_book how = {
        .before = before->policy->number,
        .how = order->how,
        .by = order->change.by,
        .note = order->change.note,
        .directory = order->change.directory,
    };
    if (order->how == HOW_SIGHUP) {
        how.by = span_of_string(stage->options.by != NULL ? stage->options.by : "");
        how.directory = span_of_string(stage->options.city);
    }
    book_sign(book, &how);
}

static void load(struct loader_stage *stage, struct order *order)
{
    struct book *book = &stage->pipeline->books[order->place];
    const struct book *before = &stage->pipeline->books[order->in_force];
    order->findings = diag_create();
    struct policy *policy =
        order->how == HOW_ROLLBACK ? read_kept(stage, order) : read_directory(stage, order);
    if (policy == NULL)
        return;
    if (memcmp(policy->hash, before->policy->hash, POLICY_HASH_BYTES) == 0) {
        order->loaded = LOADED_SAME;
        policy_destroy(&policy);
    } else if (keep(stage, order, policy)) {
        order->loaded = LOADED_READY;
        book_open(book, policy);
        sign(stage, order, book);
    } else {
        policy_destroy(&policy);
    }
}

/* Nobody waits for an answer to a signal, so its order is answered to the operator. */
static void say_what_became(const struct order *order)
{
    diag_print(order->findings, stderr);
    if (order->loaded == LOADED_SAME)
        say_info("SIGHUP: the book is in force already");
    else if (order->loaded == LOADED_WRONG)
        say_error("SIGHUP: nothing has changed: %zu thing%s to mend", diag_count(order->findings),
                  diag_count(order->findings) == 1 ? "" : "s");
    else if (order->loaded == LOADED_REFUSED)
        say_error("SIGHUP: %s", order->misfit.message);
}

static uint64_t loader_work(void *self, uint64_t next, uint64_t limit)
{
    struct loader_stage *stage = self;
    struct order *order = pipeline_order(stage->pipeline, next);
    (void)limit; /* one a step */
    if (order->how == HOW_NONE) {
        book_close(&stage->pipeline->books[order->place]);
        return next + 1;
    }
    load(stage, order);
    if (order->how == HOW_SIGHUP)
        say_what_became(order);
    return next + 1;
}

void loader_stage_create(struct pipeline *pipeline, const struct store *store,
                         struct store_reader *reader, const struct loader_options *options,
                         struct arena *arena)
{
    struct loader_stage *stage = arena_take(arena, sizeof *stage);
    *stage = (struct loader_stage){
        .pipeline = pipeline, .store = store, .reader = reader, .options = *options};
    pipeline->loader = (struct stage){
        .name = "loader",
        .gate = {.cursors = {&pipeline->ordered}, .count = 1},
        .work = loader_work,
        .self = stage,
        .clock = pipeline->clock,
    };
}
