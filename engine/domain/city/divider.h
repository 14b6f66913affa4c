/* divider - what stands between cells where commas should: in files that are saved as something
 * else than CSV, and in lines typed with a Chinese keyboard.
 */
#ifndef DOMAIN_CITY_DIVIDER_H
#define DOMAIN_CITY_DIVIDER_H

#include "base/span.h"

/* Offset of the first tab, semicolon or full-width comma of a text, with its name, such as "a tab";
 * text.bytes where there is none. */
size_t divider_find(struct span text, const char **name);

/* The same for the first line of a file that is not empty, where it has no comma at all. */
size_t divider_of_file(struct span text, const char **name);

#endif
