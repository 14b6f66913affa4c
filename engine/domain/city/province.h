/* province - what stands above a city in an address.
 *
 * A city's tree ends at the city, but people write 四川省乐山市 or 四川乐山. The first two digits
 * of every code say which province that is (GB/T 2260).
 */
#ifndef DOMAIN_CITY_PROVINCE_H
#define DOMAIN_CITY_PROVINCE_H

#include "base/span.h"

/* How many bytes of the folded text, from its beginning, name the province of a place with this
 * code; 0 where it does not begin so. */
size_t province_at_start(struct span code, struct span text);

/* Likewise at the text's end. */
size_t province_at_end(struct span code, struct span text);

#endif
