#include "tests/support/texts.h"

#include "base/check.h"

#include <stdio.h>

void texts_of(struct texts *texts, const struct city *city)
{
    struct diag *diag = diag_create();
    *texts = (struct texts){.city = city, .hints = city_hints(city)};
    enum err compiled = keywords_compile(city_keywords(city), "names", diag);
    diag_print(diag, stderr);
    CHECK(compiled == OK);
    texts->scratch.text = text_scratch_create(city_keywords(city));
    diag_destroy(&diag);
}

void texts_of_leshan(struct texts *texts)
{
    struct diag *diag = diag_create();
    struct arena *arena = arena_create();
    const struct city *city = city_load(folder_of("cities/leshan"), arena, diag);
    diag_print(diag, stderr);
    CHECK(city != NULL && diag_count(diag) == 0);
    diag_destroy(&diag);
    texts_of(texts, city);
    texts->arena = arena;
}

void texts_remove(struct texts *texts)
{
    text_scratch_destroy(&texts->scratch.text);
    keywords_close(city_keywords(texts->city));
    arena_destroy(&texts->arena);
}

const struct text_hits *texts_scan(const struct texts *texts, const char *address, const char *text)
{
    struct span parts[] = {span_of_string(address), span_of_string(text)};
    return text_scan(texts->scratch.text, parts, 2);
}

const char *texts_places(const struct texts *texts, enum resolution resolution,
                         const struct place_candidates *candidates)
{
    static char text[PLACE_CANDIDATES_MAX * (PLACE_PATH_BYTES_MAX + 4)];
    size_t used = 0;
    CHECK((resolution == RESOLVED) == (candidates->count == 1));
    CHECK((resolution == RESOLVED_NOTHING) == (candidates->count == 0));
    for (uint32_t i = 0; i < candidates->count && i < PLACE_CANDIDATES_MAX; i++) {
        char path[PLACE_PATH_BYTES_MAX];
        place_path(city_places(texts->city), candidates->places[i], path);
        const char *below = strchr(path, '/');
        used += (size_t)sprintf(text + used, "%s%s", i > 0 ? " | " : "",
                                below == NULL ? "city" : below + 1);
    }
    return candidates->count == 0 ? "nothing" : text;
}
