/* room - zeroed memory for what lives as long as compiled keywords or a scan, and for building it.
 */
#ifndef DOMAIN_TEXT_ROOM_H
#define DOMAIN_TEXT_ROOM_H

#include "base/check.h"

#include <stdlib.h>

/* Room for count things, also for none; to be given back with free(). */
static inline void *room_for(size_t count, size_t bytes)
{
    void *room = calloc(count + 1, bytes);
    CHECK(room != NULL);
    return room;
}

#endif
