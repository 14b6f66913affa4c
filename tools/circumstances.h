/* circumstances - a case, and under what it is looked at, as JSON.
 *
 *     {"case": {"channel": "phone", "type": "help", ...}, "at": "2026-10-03T09:00",
 *      "regime": "holiday"}
 *
 * The case is one as for submit. `at` is when it comes in, in the city's time; left out, it is now.
 * `regime` is what is in force then; left out, it is what the calendar says of the day, or the
 * desk. What asks for more than the case does may leave out source and external_id: it is nobody's
 * yet. A case object by itself is accepted as well, and is one in no particular circumstances.
 *
 * So a witness of `rules check`, a golden case and what `explain` is given are one format, and this
 * is where it is read and written.
 */
#ifndef TOOLS_CIRCUMSTANCES_H
#define TOOLS_CIRCUMSTANCES_H

#include "base/err.h"
#include "domain/words.h"
#include "lianxin.pb-c.h"
#include "tools/json.h"

struct circumstances {
    Lianxin__V1__Case *one; /* of the arena it was read into */
    int64_t at_ms;          /* 0: now */
    enum regime regime;     /* REGIME_NONE: as the calendar says, or the desk */
};

/* A member beside those three that whoever reads wants as well, such as the unit of a golden case:
 * text, or empty where it is not there. */
struct circumstances_more {
    const char *name;
    struct span text;
};

/* Reads one object; what it has lives in the arena. False with a fault that says where, what is
 * there, and what would be right. more may be NULL with a count of 0. */
MUST_CHECK bool circumstances_read(struct span text, struct circumstances_more *more,
                                   uint32_t more_count, struct arena *arena,
                                   struct circumstances *circumstances,
                                   char fault[JSON_FAULT_BYTES]);

/* One line, without its end. The caller frees it. */
char *circumstances_write(const struct circumstances *circumstances,
                          const struct circumstances_more *more, uint32_t more_count);

#endif
