#include <time.h>

long ticks(void) { return (long)clock(); }
