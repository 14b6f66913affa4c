/* province - what stands above a city in an address.
 *
 * A city's tree ends at the city, but people write 四川省乐山市 or 四川乐山. The first two digits
 * of every code say which province that is (GB/T 2260).
 */
#ifndef DOMAIN_CITY_PROVINCE_H
#define DOMAIN_CITY_PROVINCE_H

#include "base/span.h"

struct province;

/* Of a place with this code; NULL where the code is none of a province of the mainland. */
const struct province *province_of(struct span code);

/* How many bytes of the folded text, from its beginning, name the province; 0 where it does not
 * begin so, or there is none. */
size_t province_at_start(const struct province *province, struct span text);

/* Likewise at the text's end. */
size_t province_at_end(const struct province *province, struct span text);

#endif
