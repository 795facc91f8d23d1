package dev.latchkey.bench;

import java.util.Arrays;

/// How long calls took, counted in classes of which each is at most 1/64 wider than the one before.
/// Recording allocates nothing.
final class Latencies {
  private static final int BITS = 6;
  private static final int CLASSES = 1 << BITS;
  private static final int LONGEST_BITS = 40;

  private final long[] counts = new long[(LONGEST_BITS - BITS + 1) * CLASSES];
  private long count;
  private long longest;

  /// Records one call; one of more than 18 minutes counts as that.
  void record(long nanos) {
    long bounded = Math.clamp(nanos, 0, (1L << LONGEST_BITS) - 1);
    counts[index(bounded)]++;
    count++;
    longest = Math.max(longest, bounded);
  }

  /// Adds what another has recorded.
  void add(Latencies other) {
    Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
    count += other.count;
    longest = Math.max(longest, other.longest);
  }

  long count() {
    return count;
  }

  /// Returns the nanoseconds which that share of the calls didn't exceed, from 0 to 1, at most 1/64
  /// too many; 0 if there were no calls.
  long quantile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return Math.min(highest(i), longest);
      }
    }
    return longest;
  }

  long longest() {
    return longest;
  }

  private static int index(long nanos) {
    int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(nanos));
    return shift * CLASSES + (int) (nanos >>> shift);
  }

  /// The largest number that has this index.
  private static long highest(int index) {
    int shift = Math.max(0, index / CLASSES - 1);
    return ((long) (index - shift * CLASSES + 1) << shift) - 1;
  }
}
