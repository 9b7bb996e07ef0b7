// Benchmarks of Go's own map, the rows of map_rounds.hpp: same keys, same orders of magnitude, thread CPU time, collector off in timed
// parts. Prints one line "go/KEY/ROW/SIZE NANOSECONDS" for each round.
package main

import (
	"flag"
	"fmt"
	"math/rand"
	"regexp"
	"runtime"
	"runtime/debug"
	"syscall"
	"unsafe"
)

func cpuNow() float64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, 3, uintptr(unsafe.Pointer(&t)), 0) // CLOCK_THREAD_CPUTIME_ID
	return float64(t.Sec) + float64(t.Nsec)*1e-9
}

func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

type keySet[K comparable] struct {
	in, shuffled, missing []K
	order                 []uint32 // random numbers below the size: 1 Mi, or once each for larger sizes
	make                  func(uint64) K
}

func newKeys[K comparable](n int, make func(uint64) K) keySet[K] {
	k := keySet[K]{make: make}
	for i := 0; i < n; i++ {
		k.in = append(k.in, make(uint64(i)))
		k.missing = append(k.missing, make(uint64(i)+1<<40))
	}
	k.shuffled = append(k.shuffled, k.in...)
	rand.New(rand.NewSource(1)).Shuffle(n, func(i, j int) { k.shuffled[i], k.shuffled[j] = k.shuffled[j], k.shuffled[i] })
	random := rand.New(rand.NewSource(2))
	for i := 0; i < n || i < 1<<20; i++ {
		if n > 1<<20 {
			k.order = append(k.order, uint32(i))
		} else {
			k.order = append(k.order, uint32(random.Intn(n)))
		}
	}
	return k
}

var sink uint64

func roundsFor(n int) int {
	if n >= 1<<20 {
		return 1
	}
	return (1 << 20) / n
}
func batchFor(n int) int {
	if n >= 1<<14 {
		return 1
	}
	return (1 << 14) / n
}
func atLeast1(n int) int {
	if n < 1 {
		return 1
	}
	return n
}

func fill[K comparable](m map[K]uint64, keys []K) {
	v := uint64(0)
	for _, k := range keys {
		m[k] = v
		v++
	}
}
func filled[K comparable](k keySet[K]) map[K]uint64 {
	m := map[K]uint64{}
	fill(m, k.in)
	return m
}

func timeFill[K comparable](k keySet[K], hinted bool) (float64, int) {
	n := len(k.in)
	size := batchFor(n)
	rounds := atLeast1(roundsFor(n) / size / 2)
	maps := make([]map[K]uint64, size)
	seconds := 0.0
	for r := 0; r < rounds; r++ {
		start := cpuNow()
		for i := range maps {
			if hinted {
				maps[i] = make(map[K]uint64, n)
			} else {
				maps[i] = make(map[K]uint64)
			}
			fill(maps[i], k.in)
		}
		seconds += cpuNow() - start
		for i := range maps {
			maps[i] = nil
		}
		runtime.GC()
	}
	return seconds, n * rounds * size
}
func timeHit[K comparable](m map[K]uint64, k keySet[K], keys []K) (float64, int) {
	sum := uint64(0)
	start := cpuNow()
	for _, i := range k.order {
		if v, ok := m[keys[i]]; ok {
			sum += v
		}
	}
	sink += sum
	return cpuNow() - start, len(k.order)
}

// The next key depends on what was found: see time_dependent in map_rounds.hpp.
func timeDependent[K comparable](m map[K]uint64, k keySet[K]) (float64, int) {
	const ops = 1 << 20
	last := uint64(0)
	mask := uint64(len(k.shuffled) - 1)
	start := cpuNow()
	for i := 0; i < ops; i++ {
		last = m[k.shuffled[(uint64(k.order[i])+last)&mask]]
	}
	sink += last
	return cpuNow() - start, ops
}
func timeUpdate[K comparable](m map[K]uint64, k keySet[K]) (float64, int) {
	v := uint64(0)
	start := cpuNow()
	for _, i := range k.order {
		m[k.shuffled[i]] = v
		v++
	}
	return cpuNow() - start, len(k.order)
}
func timeIterate[K comparable](m map[K]uint64) (float64, int) {
	rounds := atLeast1(roundsFor(len(m)) * 2)
	sum := uint64(0)
	start := cpuNow()
	for r := 0; r < rounds; r++ {
		for _, v := range m {
			sum += v
		}
	}
	sink += sum
	return cpuNow() - start, rounds * len(m)
}
func timeDelete[K comparable](k keySet[K]) (float64, int) {
	n := len(k.in)
	size := batchFor(n)
	rounds := atLeast1(roundsFor(n) / size / 2)
	maps := make([]map[K]uint64, size)
	seconds := 0.0
	for r := 0; r < rounds; r++ {
		for i := range maps {
			maps[i] = filled(k)
		}
		start := cpuNow()
		for _, m := range maps {
			for _, key := range k.shuffled {
				delete(m, key)
			}
		}
		seconds += cpuNow() - start
		for i := range maps {
			maps[i] = nil
		}
		runtime.GC()
	}
	return seconds, n * rounds * size
}
func timeChurn[K comparable](k keySet[K]) (float64, int) {
	n := len(k.in)
	ops := n
	if ops < 1<<18 {
		ops = 1 << 18
	}
	more := make([]K, ops)
	for i := range more {
		more[i] = k.make(uint64(i) + 1<<41)
	}
	m := filled(k)
	start := cpuNow()
	for i := 0; i < ops; i++ {
		m[more[i]] = uint64(i)
		if i < n {
			delete(m, k.in[i])
		} else {
			delete(m, more[i-n])
		}
	}
	return cpuNow() - start, ops
}
func timeClear[K comparable](k keySet[K], sparse bool, clear func(map[K]uint64)) (float64, int) {
	n := len(k.in)
	size := batchFor(n)
	rounds := atLeast1(roundsFor(n) / size / 2)
	if rounds > 20 {
		rounds = 20
	}
	maps := make([]map[K]uint64, size)
	for i := range maps {
		maps[i] = filled(k)
	}
	seconds := 0.0
	for r := 0; r < rounds; r++ {
		for _, m := range maps {
			if sparse {
				clear(m)
				m[k.in[r%n]] = 1
			} else {
				fill(m, k.in)
			}
		}
		start := cpuNow()
		for _, m := range maps {
			clear(m)
		}
		seconds += cpuNow() - start
	}
	return seconds, rounds * size
}
func timeSparseIterate[K comparable](k keySet[K]) (float64, int) {
	n := len(k.in)
	rounds := 4000
	if n >= 1<<16 {
		rounds = 40
	}
	m := filled(k)
	for _, key := range k.in[1:] {
		delete(m, key)
	}
	sum := uint64(0)
	start := cpuNow()
	for r := 0; r < rounds; r++ {
		for _, v := range m {
			sum += v
		}
	}
	sink += sum
	return cpuNow() - start, rounds
}
func timeSmall[K comparable](k keySet[K]) (float64, int) {
	const rounds = 200000
	start := cpuNow()
	for r := 0; r < rounds; r++ {
		m := make(map[K]uint64)
		m[k.in[0]] = uint64(r)
		m[k.in[1]] = uint64(r)
		escape = m
	}
	seconds := cpuNow() - start
	runtime.GC()
	return seconds, rounds
}

var escape interface{}

func timeWorstInsert[K comparable](k keySet[K]) (float64, int) {
	clock := 1.0
	for i := 0; i < 1000; i++ {
		a := cpuNow()
		if d := cpuNow() - a; d < clock {
			clock = d
		}
	}
	m := map[K]uint64{}
	worst := 0.0
	for i, key := range k.in {
		start := cpuNow()
		m[key] = uint64(i)
		if d := cpuNow() - start - clock; d > worst {
			worst = d
		}
	}
	return worst, 1
}
func bytesOf[K comparable](k keySet[K]) (float64, int) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	maps := make([]map[K]uint64, atLeast1((1<<20)/len(k.in))) // many small ones: the heap's own changes are not counted
	for i := range maps {
		maps[i] = map[K]uint64{}
		fill(maps[i], k.in)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(maps)
	return (float64(after.HeapAlloc) - float64(before.HeapAlloc)) * 1e-9, len(k.in) * len(maps)
}

var filter *regexp.Regexp
var repetitions *int

func report(kind, row string, n int, once bool, round func() (float64, int)) {
	name := fmt.Sprintf("go/%s/%s/%d", kind, row, n)
	if !filter.MatchString(name + "/") {
		return
	}
	count := *repetitions
	if once || row == "bytes" {
		count = 1
	}
	for i := 0; i < count; i++ {
		seconds, ops := round()
		fmt.Println(name, seconds/float64(ops)*1e9)
		runtime.GC()
	}
}

func rows[K comparable](kind string, n int, make func(uint64) K, clear func(map[K]uint64)) {
	k := newKeys(n, make)
	whole := filled(k)
	report(kind, "fill", n, false, func() (float64, int) { return timeFill(k, false) })
	report(kind, "hinted_fill", n, false, func() (float64, int) { return timeFill(k, true) })
	report(kind, "hit", n, false, func() (float64, int) { return timeHit(whole, k, k.shuffled) })
	report(kind, "miss", n, false, func() (float64, int) { return timeHit(whole, k, k.missing) })
	report(kind, "dependent_hit", n, false, func() (float64, int) { return timeDependent(whole, k) })
	report(kind, "iterate", n, false, func() (float64, int) { return timeIterate(whole) })
	report(kind, "update", n, false, func() (float64, int) { return timeUpdate(whole, k) })
	whole = nil
	report(kind, "delete", n, n >= 1<<23, func() (float64, int) { return timeDelete(k) })
	report(kind, "churn", n, n >= 1<<23, func() (float64, int) { return timeChurn(k) })
	report(kind, "clear", n, n >= 1<<23, func() (float64, int) { return timeClear(k, false, clear) })
	if kind == "int64" {
		report(kind, "sparse_clear", n, n >= 1<<23, func() (float64, int) { return timeClear(k, true, clear) })
		report(kind, "sparse_iterate", n, n >= 1<<23, func() (float64, int) { return timeSparseIterate(k) })
		if n == 8 {
			report(kind, "small", n, false, func() (float64, int) { return timeSmall(k) })
		}
		if n >= 1<<20 {
			report(kind, "worst_insert", n, false, func() (float64, int) { return timeWorstInsert(k) })
		}
		report(kind, "bytes", n, false, func() (float64, int) { return bytesOf(k) })
	}
}

func main() {
	pattern := flag.String("filter", ".", "regular expression of the rows to run, matched against NAME/")
	only := flag.Int("size", 0, "the only size to run, 0 for all")
	repetitions = flag.Int("repetitions", 5, "rounds of each row")
	flag.Parse()
	filter = regexp.MustCompile(*pattern)
	runtime.LockOSThread()
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(-1)
	for _, n := range []int{8, 64, 1 << 10, 1 << 16, 1 << 20, 1 << 23} {
		if *only != 0 && *only != n {
			continue
		}
		// The clear idiom is compiled to one call only where the key type is known.
		rows("int64", n, scramble, func(m map[uint64]uint64) {
			for k := range m {
				delete(m, k)
			}
		})
		rows("string", n, func(i uint64) string { return fmt.Sprintf("%016x", scramble(i)) }, func(m map[string]uint64) {
			for k := range m {
				delete(m, k)
			}
		})
	}
}
