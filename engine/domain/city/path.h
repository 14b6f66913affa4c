/* path - from the place as somebody wrote it to the place.
 *
 *      夹江县/漹城街道                     names, one after the other, upper tiers first
 *      四川省乐山市夹江县漹城街道          with or without something between them
 *      夹江县漹城街道迎春路12号            and what stands behind the last name is detail
 *
 * Behind places.h, which is what others include. Pure; any thread; allocates nothing.
 */
#ifndef DOMAIN_CITY_PATH_H
#define DOMAIN_CITY_PATH_H

#include "domain/city/names.h"

/* As places_resolve. */
enum resolution path_resolve(const struct names *names, const struct places *places,
                             struct span text, struct place_candidates *candidates);

#endif
