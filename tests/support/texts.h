/* texts - a city with its keywords compiled, for tests of what words say without a rule book.
 */
#ifndef TESTS_SUPPORT_TEXTS_H
#define TESTS_SUPPORT_TEXTS_H

#include "domain/city/city.h"
#include "domain/city/hints.h"
#include "domain/rules/scratch.h"

struct texts {
    struct arena *arena;
    const struct city *city;
    const struct hints *hints;
    struct scratch scratch;
};

/* Loads cities/leshan. Any trouble ends the test. */
void texts_of_leshan(struct texts *texts);

/* Of a city that somebody else loaded and keeps. */
void texts_of(struct texts *texts, const struct city *city);

void texts_remove(struct texts *texts);

/* Scans a case's address and text; the hits live until the next call. */
const struct text_hits *texts_scan(const struct texts *texts, const char *address,
                                   const char *text);

/* 夹江县/漹城街道, all the candidates with " | " between, "city", or "nothing". */
const char *texts_places(const struct texts *texts, enum resolution resolution,
                         const struct place_candidates *candidates);

#endif
