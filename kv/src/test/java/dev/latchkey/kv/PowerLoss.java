package dev.latchkey.kv;

import dev.latchkey.kv.Disk.Naming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;

/// Cuts the power at many points of a trace, opens what a disk may have then, and looks at what is
/// missing.
final class PowerLoss {

  private final Trace trace;
  private final List<Script> scripts;
  private final Path folder;
  private final long seed;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, Progress> progress = new HashMap<>();
  private int images;
  private int incomplete;
  private long missing;

  /// How far a caller has come at the cut, and where in the trace each of its steps was begun and
  /// acknowledged.
  private static final class Progress {
    final List<Integer> begun = new ArrayList<>();
    final List<Integer> acknowledged = new ArrayList<>();
  }

  /// @param folder for the images, one at a time
  PowerLoss(Trace trace, List<Script> scripts, Path folder, long seed) {
    this.trace = trace;
    this.scripts = scripts;
    this.folder = folder;
    this.seed = seed;
  }

  /// What was found.
  ///
  /// @param incomplete images that lack something acknowledged
  /// @param missing steps which were acknowledged, in all images together
  /// @param violations of the promise that all is the newest, and whole
  record Report(int images, int incomplete, long missing, List<String> violations) {}

  /// Cuts at that many points, some of them more than once.
  Report cut(int count, Naming naming) throws IOException {
    Disk disk = new Disk(naming);
    int[] cuts = cuts(count);
    int next = 0;
    progress.clear();
    for (Script script : scripts) {
      progress.put(script.caller(), new Progress());
    }
    for (int i = 0; i <= trace.events().size(); i++) {
      for (; next < cuts.length && cuts[next] == i; next++) {
        check(disk.afterPowerLoss(new Random(seed + next)), "image " + next + " at event " + i);
      }
      if (i < trace.events().size()) {
        Trace.Event event = trace.events().get(i);
        disk.apply(event);
        if (event instanceof Trace.Marked(String text)) {
          note(text.split(" ", -1), i);
        }
      }
    }
    return new Report(images, incomplete, missing, List.copyOf(violations));
  }

  private void note(String[] mark, int position) {
    Progress caller = progress.get(mark[1]);
    if (caller != null && !mark[0].equals("failed")) {
      List<Integer> positions = mark[0].equals("begin") ? caller.begun : caller.acknowledged;
      // A step may be begun twice, and be found to be there rather than acknowledged.
      while (positions.size() < Integer.parseInt(mark[2])) {
        positions.add(position);
      }
    }
  }

  /// A third of the cuts are anywhere, a third just after something was acknowledged, and a third
  /// just before a sync, when most is in doubt.
  private int[] cuts(int count) {
    List<Integer> anywhere = new ArrayList<>();
    List<Integer> afterMarks = new ArrayList<>();
    List<Integer> beforeSyncs = new ArrayList<>();
    for (int i = 0; i < trace.events().size(); i++) {
      anywhere.add(i);
      if (trace.events().get(i) instanceof Trace.Marked(String text) && text.startsWith("ack ")) {
        afterMarks.add(i + 1);
      } else if (trace.events().get(i) instanceof Trace.Synced) {
        beforeSyncs.add(i);
      }
    }
    anywhere.add(trace.events().size());
    List<List<Integer>> kinds =
        Stream.of(anywhere, afterMarks, beforeSyncs).filter(kind -> !kind.isEmpty()).toList();
    Random random = new Random(seed);
    int[] cuts = new int[count];
    for (int i = 0; i < count; i++) {
      List<Integer> kind = kinds.get(i % kinds.size());
      cuts[i] = kind.get(random.nextInt(kind.size()));
    }
    Arrays.sort(cuts);
    return cuts;
  }

  private void check(Map<String, byte[]> image, String name) throws IOException {
    images++;
    for (var file : image.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    try (Database database = Database.open(folder.resolve("data.db"))) {
      compare(Shelves.read(database), name);
      for (String defect : Shelves.defects(database)) {
        violations.add(name + ": " + defect);
      }
    } catch (RuntimeException e) {
      // A damaged file can make anything of a query.
      violations.add(name + ": " + e);
    }
    Folders.empty(folder);
  }

  private void compare(Map<String, SortedMap<String, String>> found, String name) {
    int firstMissing = Integer.MAX_VALUE;
    int lastPresent = -1;
    long missingBefore = missing;
    for (Script script : scripts) {
      Progress caller = progress.getOrDefault(script.caller(), new Progress());
      int step =
          script.stepOf(
              found.getOrDefault(script.caller(), Collections.emptySortedMap()),
              0,
              caller.begun.size());
      if (step < 0) {
        violations.add(name + ": " + script.caller() + " has a state that never was");
        continue;
      }
      if (step > 0) {
        lastPresent = Math.max(lastPresent, caller.begun.get(step - 1));
      }
      if (step < caller.acknowledged.size()) {
        missing += caller.acknowledged.size() - step;
        firstMissing = Math.min(firstMissing, caller.acknowledged.get(step));
      }
    }
    if (firstMissing < lastPresent) {
      violations.add(name + ": what was acknowledged is missing, but not what was begun later");
    }
    incomplete += missing > missingBefore ? 1 : 0;
  }
}
