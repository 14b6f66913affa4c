#include "bench/verdicts.h"

#include "base/check.h"
#include "bench/judge.h"
#include "bench/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SESSIONS_MAX = 256, TRIED = 4096, PATH_BYTES = 512 };

/* The verdicts for one moment. */
struct session {
    struct moment moment;
    uint32_t *units; /* a case each: index of its unit */
};

struct verdicts {
    const struct policy *policy;
    struct cases cases; /* before the first */
    uint64_t count;
    const char *directory;
    struct judge *judge;
    struct session sessions[SESSIONS_MAX];
    uint32_t sessions_count;
};

struct verdicts *verdicts_create(const struct policy *policy, const char *city,
                                 const struct cases *cases, uint64_t count, const char *directory)
{
    CHECK(cases->count == 0);
    struct verdicts *verdicts = calloc(1, sizeof *verdicts);
    CHECK(verdicts != NULL);
    *verdicts = (struct verdicts){.policy = policy,
                                  .cases = *cases,
                                  .count = count,
                                  .directory = directory,
                                  .judge = judge_create(policy, city)};
    return verdicts;
}

void verdicts_free(struct verdicts **verdicts)
{
    if (*verdicts == NULL)
        return;
    for (uint32_t i = 0; i < (*verdicts)->sessions_count; i++)
        free((*verdicts)->sessions[i].units);
    judge_free(&(*verdicts)->judge);
    free(*verdicts);
    *verdicts = NULL;
}

/* -- the file ---------------------------------------------------------------------------------- */

static void name_file(const struct verdicts *verdicts, struct moment moment, char path[PATH_BYTES])
{
    const uint8_t *hash = verdicts->policy->hash;
    snprintf(path, PATH_BYTES, "%s/verdicts-%02x%02x%02x%02x%02x%02x-%" PRIx64 "-%u-%s-%d-%u-%u",
             verdicts->directory, hash[0], hash[1], hash[2], hash[3], hash[4], hash[5],
             verdicts->cases.random.state, (unsigned)verdicts->cases.channel,
             verdicts->cases.text_only ? "words" : "all", moment.date, moment.minute,
             (unsigned)moment.regime);
}

/* How many it has, of those that are asked for. */
static uint64_t read_file(const char *path, uint32_t *units, uint64_t count)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    size_t got = fread(units, sizeof *units, count, file);
    fclose(file);
    return got;
}

/* Under its name only once it is whole. That it cannot be kept only costs time. */
static void write_file(const char *path, const uint32_t *units, uint64_t count)
{
    char fresh[PATH_BYTES + 8];
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "wb");
    if (file == NULL)
        return;
    bool good = fwrite(units, sizeof *units, count, file) == count;
    good = fclose(file) == 0 && good;
    if (!good || rename(fresh, path) != 0)
        unlink(fresh);
}

/* -- judging ----------------------------------------------------------------------------------- */

/* A file by another judge, or of cases made in another way, does not count: some of it is judged
 * anew and must agree. */
static uint64_t try_file(struct verdicts *verdicts, const struct session *session, uint64_t known)
{
    struct cases cases = verdicts->cases;
    static struct made_case made;
    for (uint64_t i = 0; i < known && i < TRIED; i++) {
        cases_next(&cases, &made);
        if (judge_unit(verdicts->judge, &made, session->moment).index != session->units[i])
            return 0;
    }
    return known;
}

static void judge_all(struct verdicts *verdicts, struct session *session)
{
    char path[PATH_BYTES];
    static struct made_case made;
    struct progress progress;
    struct cases cases = verdicts->cases;
    name_file(verdicts, session->moment, path);
    uint64_t known = read_file(path, session->units, verdicts->count);
    known = try_file(verdicts, session, known);
    if (known == verdicts->count)
        return;
    progress_begin(&progress, "judging", verdicts->count);
    for (uint64_t i = 0; i < verdicts->count; i++) {
        cases_next(&cases, &made);
        if (i >= known)
            session->units[i] = judge_unit(verdicts->judge, &made, session->moment).index;
        progress_show(&progress, i);
    }
    progress_end(&progress);
    write_file(path, session->units, verdicts->count);
}

static struct session *session_of(struct verdicts *verdicts, struct moment moment)
{
    for (uint32_t i = 0; i < verdicts->sessions_count; i++) {
        struct session *session = &verdicts->sessions[i];
        if (session->moment.date == moment.date && session->moment.minute == moment.minute &&
            session->moment.regime == moment.regime)
            return session;
    }
    CHECK(verdicts->sessions_count < SESSIONS_MAX);
    struct session *session = &verdicts->sessions[verdicts->sessions_count++];
    session->moment = moment;
    session->units = calloc(verdicts->count, sizeof *session->units);
    CHECK(session->units != NULL);
    judge_all(verdicts, session);
    return session;
}

struct unit verdicts_unit(struct verdicts *verdicts, uint64_t number, int64_t time_ms)
{
    CHECK(number >= 1 && number <= verdicts->count);
    struct session *session = session_of(verdicts, judge_moment(verdicts->judge, time_ms));
    return (struct unit){session->units[number - 1]};
}
