/* rules - what one does with a rule book, a verb each: lianxin rules VERB.
 *
 * Each verb is one file with one entry, rules_VERB(argc, argv), argv[0] being "lianxin rules VERB".
 * (But for load, since domain/rules has a rules_load of its own.)
 */
#ifndef TOOLS_RULES_RULES_H
#define TOOLS_RULES_RULES_H

int rules_check(int argc, char **argv);
int rules_load_city(int argc, char **argv);
int rules_history(int argc, char **argv);
int rules_rollback(int argc, char **argv);
int rules_diff(int argc, char **argv);
int rules_cover(int argc, char **argv);
int rules_stats(int argc, char **argv);
int rules_learn(int argc, char **argv);

#endif
