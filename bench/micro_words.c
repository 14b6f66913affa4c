/* micro_words - what it costs to understand and decide a case: a city's whole book, from words to
 * units.
 *
 * The cases have a place and MICRO_TEXT_BYTES of text, but no category: their words must tell what
 * they are about.
 */
#include "base/check.h"
#include "bench/micro_parts.h"
#include "bench/slow_weights.h"
#include "domain/decide.h"
#include "domain/rules/weights.h"
#include "domain/text/fold.h"

#include <stdio.h>

enum { SLOW_SHARE = 128, NO_TABLE = UINT32_MAX };

struct words {
    const struct micro_inputs *inputs;
    struct scratch *scratch;
    struct text_scratch *text;
    struct facts facts; /* before the words are looked at */
    struct decision decision;
    uint8_t folded[MICRO_TEXT_BYTES];
    uint32_t weights; /* the book's first table of them, or NO_TABLE */
    uint32_t keywords_count;
    uint8_t *stands; /* a keyword each: does it stand in the text? */
};

static struct span fold_one(struct words *words, uint32_t i)
{
    return span_of(words->folded, fold(words->inputs->words[i].text, words->folded));
}

static uint64_t fold_text(void *self, uint32_t i)
{
    return fold_one(self, i).bytes;
}

static uint64_t fold_text_digest(void *self, uint32_t i)
{
    return micro_mix_span(0, fold_one(self, i));
}

/* -- keywords ---------------------------------------------------------------------------------- */

static const struct text_hits *hits_of(struct words *words, uint32_t i)
{
    return text_scan(words->text, &words->inputs->words[i].text, 1);
}

static uint64_t count_words(const struct text_hits *hits)
{
    return text_sought(hits, TEXT_PICKING).count + text_sought(hits, TEXT_SUMMING).count;
}

static uint64_t scan(void *self, uint32_t i)
{
    return count_words(hits_of(self, i));
}

static uint64_t scan_all(void *self, uint32_t i)
{
    const struct text_hits *hits = hits_of(self, i);
    return count_words(hits) + text_names(hits)->count;
}

/* Of a set, whatever its order. */
static uint64_t hash_set(const struct words *words)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < words->keywords_count; i++)
        if (words->stands[i])
            sum += micro_mix(0, i);
    return sum;
}

static void begin_set(struct words *words, const struct text_hits *hits)
{
    struct text_words weighed = text_sought(hits, TEXT_WEIGHING);
    for (uint32_t i = 0; i < words->keywords_count; i++)
        words->stands[i] = text_has(hits, i);
    for (uint32_t i = 0; i < weighed.count; i++)
        words->stands[weighed.list[i]] = 1;
}

static uint64_t scan_digest(void *self, uint32_t i)
{
    struct words *words = self;
    begin_set(words, hits_of(words, i));
    return hash_set(words);
}

static uint64_t scan_all_digest(void *self, uint32_t i)
{
    struct words *words = self;
    const struct text_hits *hits = hits_of(words, i);
    const struct text_names *names = text_names(hits);
    begin_set(words, hits);
    for (uint32_t j = 0; j < names->count; j++)
        words->stands[names->list[j].keyword] = 1;
    return hash_set(words);
}

static uint64_t look_for_each(void *self, uint32_t i)
{
    struct words *words = self;
    const struct keywords *keywords = city_keywords(words->inputs->policy->city);
    struct span folded = fold_one(words, i);
    uint64_t found = 0;
    for (uint32_t j = 0; j < words->keywords_count; j++) {
        struct span keyword = keyword_text(keywords, j);
        words->stands[j] = memmem(folded.data, folded.bytes, keyword.data, keyword.bytes) != NULL;
        found += words->stands[j];
    }
    return found;
}

static uint64_t look_for_each_digest(void *self, uint32_t i)
{
    look_for_each(self, i);
    return hash_set(self);
}

/* -- weights ----------------------------------------------------------------------------------- */

/* Nothing where the book has no such table. */
static uint64_t weigh(void *self, uint32_t i)
{
    struct words *words = self;
    struct weighing weighing = {.sums = {0}};
    if (words->weights == NO_TABLE)
        return 0;
    struct facts facts = words->facts;
    facts.category = CATEGORY_NONE;
    facts.hits = hits_of(words, i);
    bool weighed = rules_weigh(words->inputs->policy->rules, words->weights, &facts, &weighing);
    CHECK(weighed);
    uint64_t left = 0;
    for (uint32_t column = 0; weighing.row != UINT32_MAX && column < WEIGHTS_COLUMNS_MAX; column++)
        left |= (uint64_t)(weighing.possible >> column & 1) << column;
    return left;
}

static uint64_t weigh_slowly(void *self, uint32_t i)
{
    struct words *words = self;
    const struct policy *policy = words->inputs->policy;
    uint64_t columns = 0;
    if (words->weights == NO_TABLE)
        return 0;
    struct slow_case asked = {.folded = fold_one(words, i),
                              .keywords = city_keywords(policy->city)};
    struct slow_left left =
        slow_weigh(policy->city, rules_table(policy->rules, words->weights), asked);
    for (uint32_t column = 0; left.table != NULL && column < WEIGHTS_COLUMNS_MAX; column++)
        columns |= (uint64_t)left.columns[column] << column;
    return columns;
}

/* -- deciding ---------------------------------------------------------------------------------- */

static void decide_words(struct words *words, const struct case_words *said)
{
    const struct policy *policy = words->inputs->policy;
    struct facts facts = words->facts;
    struct misfit misfit;
    bool good = facts_resolve(policy->city, said, false, words->scratch, &facts, &misfit);
    CHECK(good);
    decide(policy, &facts, NULL, words->scratch, &words->decision);
}

static uint64_t classify_and_route(void *self, uint32_t i)
{
    struct words *words = self;
    decide_words(words, &words->inputs->words[i]);
    return words->decision.assignments[0].unit.index;
}

static uint64_t route(void *self, uint32_t i)
{
    struct words *words = self;
    struct case_words said = {.place = words->inputs->words[i].place};
    decide_words(words, &said);
    return words->decision.assignments[0].unit.index;
}

/* Category, doubts, and who gets it. */
static uint64_t hash_decision(const struct words *words)
{
    const struct city *city = words->inputs->policy->city;
    const struct decision *decision = &words->decision;
    uint64_t hash = micro_mix(0, decision->doubts);
    if (decision->category.index != CATEGORY_NONE.index)
        hash = micro_mix_span(hash, category_code(city, decision->category));
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        const struct assignment *assignment = &decision->assignments[i];
        hash = micro_mix(hash, (uint64_t)assignment->role);
        hash = micro_mix_span(hash, unit_key(city, assignment->unit));
    }
    return hash;
}

static uint64_t classify_and_route_digest(void *self, uint32_t i)
{
    classify_and_route(self, i);
    return hash_decision(self);
}

static uint64_t route_digest(void *self, uint32_t i)
{
    route(self, i);
    return hash_decision(self);
}

/* -- the city ---------------------------------------------------------------------------------- */

static uint64_t hash_policy(const struct policy *policy)
{
    const struct city *city = policy->city;
    uint64_t hash = micro_mix_span(0, span_of(policy->hash, sizeof policy->hash));
    hash = micro_mix(hash, places_count(city_places(city)));
    hash = micro_mix(hash, city_units(city));
    return micro_mix(hash, keywords_count(city_keywords(city)));
}

static uint64_t load(void *self, uint32_t i)
{
    struct words *words = self;
    struct policy *policy = NULL;
    struct diag *diag = diag_create();
    enum err err = policy_load(words->inputs->directory, diag, &policy);
    CHECK(err == OK); /* it was loaded before */
    uint64_t hash = hash_policy(policy);
    CHECK(hash == hash_policy(words->inputs->policy));
    policy_destroy(&policy);
    diag_destroy(&diag);
    (void)i;
    return hash;
}

/* -- all of them ------------------------------------------------------------------------------- */

static uint32_t find_weights(const struct rules *rules)
{
    for (uint32_t i = 0; i + 1 < rules_sources(rules); i++)
        if (rules_table(rules, i)->weights != NULL)
            return i;
    return NO_TABLE;
}

static void *words_open(const struct micro_inputs *inputs)
{
    struct words *words = arena_take(inputs->arena, sizeof *words);
    words->inputs = inputs;
    words->scratch = scratch_create(inputs->policy);
    words->text = text_scratch_create(city_keywords(inputs->policy->city));
    words->weights = find_weights(inputs->policy->rules);
    words->keywords_count = keywords_count(city_keywords(inputs->policy->city));
    words->stands = arena_take(inputs->arena, words->keywords_count);
    words->facts = (struct facts){.channel = CHANNEL_PHONE,
                                  .type = TYPE_COMPLAINT,
                                  .applicant = APPLICANT_CITIZEN,
                                  .urgency = URGENCY_NORMAL,
                                  .minute = 10 * 60,
                                  .regime = REGIME_NORMAL,
                                  .earlier = FLAG_NO,
                                  .answered = FLAG_NO};
    return words;
}

static void words_close(void *self)
{
    struct words *words = self;
    text_scratch_destroy(&words->text);
    scratch_destroy(&words->scratch);
}

static const struct micro micros[] = {
    {.name = "fold a text", .share = 1, .run = fold_text, .digest = fold_text_digest},
    {.name = "scan it for the city's words", .share = 1, .run = scan, .digest = scan_digest},
    {.name = "for words and names", .share = 1, .run = scan_all, .digest = scan_all_digest},
    {.name = "the same, keyword by keyword",
     .share = SLOW_SHARE,
     .run = look_for_each,
     .digest = look_for_each_digest,
     .same_as = "for words and names"},
    {.name = "weigh the keywords in it", .share = 1, .run = weigh},
    {.name = "the same, keyword after keyword",
     .share = SLOW_SHARE,
     .run = weigh_slowly,
     .same_as = "weigh the keywords in it"},
    {.name = "classify and route a case",
     .share = 1,
     .run = classify_and_route,
     .digest = classify_and_route_digest},
    {.name = "route it without words", .share = 1, .run = route, .digest = route_digest},
    {.name = "load the city", .share = MICRO_ONCE, .run = load},
};

const struct micro_group micro_words = {.name = "words and decisions",
                                        .micros = micros,
                                        .count = sizeof micros / sizeof micros[0],
                                        .open = words_open,
                                        .close = words_close};
