#include "tools/compare/sampler.h"

#include "base/utf8.h"
#include "wire/wire.h"

#include <stdio.h>

enum err sampler_open(const struct store_look *look, bool titles, struct sampler *sampler)
{
    *sampler = (struct sampler){.titles = titles};
    enum err err = store_look_reader(look, &sampler->reader);
    if (err == OK) {
        err = store_reader_begin(sampler->reader);
        if (err != OK)
            store_reader_close(&sampler->reader);
    }
    return err;
}

void sampler_close(struct sampler *sampler)
{
    store_reader_end(sampler->reader);
    store_reader_close(&sampler->reader);
}

/* On one line. */
static void copy_title(struct sampler *sampler, struct span title)
{
    struct span cut = utf8_clip(title, sizeof sampler->title - 1);
    for (size_t i = 0; i < cut.bytes; i++)
        sampler->title[i] = (char)(cut.data[i] < ' ' ? ' ' : cut.data[i]);
    sampler->title[cut.bytes] = '\0';
}

void sampler_read(struct sampler *sampler, uint64_t serial)
{
    struct event_view view;
    struct ticket_state state;
    struct facts facts;
    struct case_words words;
    sampler->number[0] = sampler->title[0] = '\0';
    if (store_reader_event(sampler->reader, serial, &view) != OK ||
        !wire_event_state(view.open, &state, sampler->number))
        return;
    if (sampler->titles && view.kind == KIND_CASE &&
        wire_event_case(view.open, view.story, &facts, &words))
        copy_title(sampler, words.title);
}
