/* context - what stands around a name in running text, and what that makes of it.
 *
 * 峨眉山路 is a road and 夹江豆腐乳 a brand, 广大村民 has no 大村 in it, and 夹江县教育局 is a
 * bureau. Chinese has no blanks to tell, so short lists of characters do. They err on the side of
 * not seeing a name: a place overlooked is asked for, a place invented sends the case astray.
 *
 * All text is folded; before and behind reach from the name to the ends of its part. Pure.
 */
#ifndef DOMAIN_CITY_CONTEXT_H
#define DOMAIN_CITY_CONTEXT_H

#include "base/span.h"

#include <stdbool.h>

/* Before a bare name (快 of 快乐山庄), and behind one (路, 豆腐乳, 中学): is it part of something
 * else? */
bool context_binds_bare(struct span before);
bool context_makes_other(struct span behind);

/* Is a whole name cut out of longer words? 城市中区域 has no 市中区, and 胜利街道路 no 胜利街道 but
 * roads of 胜利街. */
bool context_cuts_front(struct span name, struct span before);
bool context_cuts_back(struct span name, struct span behind);

/* Before a village's name: may a name begin here, or does more of it stand before? */
bool context_opens(struct span before);

/* Behind a township's bare name: is it over? */
bool context_closes(struct span behind);

/* Before a name: does it stand below a county or township that is not of the city's tree? For
 * names with nothing known before them. 我县 and 本镇 are whatever they are. */
bool context_is_foreign(struct span before);

/* Behind a place's name: is it a government or a bureau that is named (人民政府, 人社局)? */
bool context_is_organ(struct span behind);

/* Before a unit's name: is it asked or told something, rather than spoken of? 请, 向, 希望. */
bool context_is_addressed(struct span before);

/* An ordinary word besides being a name: 新农村, 大村. Names of one character and its kind are. */
bool context_is_ordinary(struct span name);

#endif
