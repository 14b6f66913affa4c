#include "stages/lookup.h"

#include <stdio.h>

/* Serials run on over midnight, numbers do not: what is beyond the day is another's. */
static bool find_numbered(struct store_reader *reader, int32_t day, uint64_t ordinal,
                          uint64_t *serial)
{
    uint64_t first;
    struct event_view view;
    if (store_reader_day_first(reader, day, &first) != OK)
        return false;
    *serial = first + ordinal - 1;
    enum err err = store_reader_event(reader, *serial, &view);
    if (err == OK)
        return day_of_ms(view.time_ms) == day;
    return err != ERR_NOT_FOUND; /* damaged: reading the ticket will say so */
}

bool lookup_serial(struct store_reader *reader, const struct wire_lookup *lookup, uint64_t *serial,
                   struct misfit *misfit)
{
    int32_t day;
    uint64_t ordinal;
    *misfit = (struct misfit){.field = "number", .value = lookup->number};
    *serial = lookup->serial;
    if (lookup->number.bytes == 0)
        return true;
    enum number_fault fault = number_parse(lookup->number, &day, &ordinal);
    if (fault == NUMBER_OK && find_numbered(reader, day, ordinal, serial))
        return true;
    snprintf(misfit->message, sizeof misfit->message, "%s",
             fault == NUMBER_OK ? "there is no such ticket: not so many came in on that day"
             : fault == NUMBER_CHECK
                 ? "the check digit does not fit: a digit was misread or misheard"
                 : "this is no ticket number; they look like 20261124-000123-3");
    return false;
}

enum err lookup_last(struct store_reader *reader, uint64_t serial, struct event_view *last)
{
    uint64_t number;
    enum err err = store_reader_last(reader, serial, &number);
    return err == OK ? store_reader_event(reader, number, last) : err;
}
