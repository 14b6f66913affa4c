#include "domain/alike.h"

#include "base/check.h"

static bool has_same_city(const struct policy *a, const struct policy *b)
{
    bool same = true;
    for (uint32_t i = 0; same && i < CITY_SOURCES; i++)
        same = span_equal(city_sources(a->city)[i].content, city_sources(b->city)[i].content);
    return same;
}

enum alike policies_alike(const struct policy *a, const struct policy *b)
{
    if (!has_same_city(a, b))
        return ALIKE_NOTHING;
    return keywords_alike(city_keywords(a->city), city_keywords(b->city)) ? ALIKE_WORDS
                                                                          : ALIKE_CITY;
}

struct facts facts_shared(enum alike alike, const struct facts *facts,
                          const struct case_words *words, struct scratch *scratch)
{
    struct facts shared = *facts;
    CHECK(alike != ALIKE_NOTHING);
    if (alike == ALIKE_CITY)
        shared.hits = facts_scan(words, scratch);
    return shared;
}
