package dev.latchkey.inbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a simulation knows by itself of what happened: the sender's, the model's and the outside's
/// own records, kept beside the inbox and never read from it.
final class SimWorld {

  /// Ids that were acknowledged.
  final Set<String> acknowledged = new HashSet<>();

  /// Deliveries by id, to send them again.
  final Map<String, Delivery> sent = new HashMap<>();

  /// How often the outside was changed, by what was to be made true.
  final Map<String, Integer> effects = new HashMap<>();

  /// Calls of the model, by work, step and input.
  final Map<String, Integer> calls = new HashMap<>();

  /// Calls which the process died in, and those which failed, by the same.
  final Map<String, Integer> interrupted = new HashMap<>();

  /// Calls whose answer is known to have been kept.
  final Set<String> answered = new HashSet<>();

  /// Calls that were made although their answer was kept.
  final Set<String> askedAgain = new HashSet<>();

  /// What the model billed for calls that were answered, by work.
  final Map<Long, Long> billed = new HashMap<>();

  /// Works that began to pay.
  final Set<Long> paid = new HashSet<>();

  /// Failures of a work that were committed as such.
  final Map<Long, Integer> failures = new HashMap<>();

  /// How often the process died while a work was taken.
  final Map<Long, Integer> deaths = new HashMap<>();

  /// The subject with which a work was last run, and that run was committed.
  final Map<Long, String> seen = new HashMap<>();

  final List<String> log = new ArrayList<>();

  static <K> void count(Map<K, Integer> counts, K key) {
    counts.merge(key, 1, Integer::sum);
  }

  void say(String line) {
    log.add(line);
  }
}
