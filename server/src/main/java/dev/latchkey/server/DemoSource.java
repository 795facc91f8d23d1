package dev.latchkey.server;

import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.PullRequestsFromGit;
import dev.latchkey.simulator.SamplePullRequests;
import dev.latchkey.simulator.SimulatorException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where the pull requests of the demonstration come from.
///
/// @param name of the simulated repository
/// @param description for a person
record DemoSource(String name, String description, List<ProposedChange> changes) {

  /// The last commits of the folder that was named, or of the current one, or the sample if there
  /// is no git or not enough history. A folder that was named must be in a repository.
  ///
  /// @param told hears why it is the sample
  /// @throws SimulatorException.NotARepository if the folder that was named is in none
  /// @throws SimulatorException.GitFailed if git fails
  static DemoSource of(@Nullable Path named, int count, Consumer<String> told) {
    var folder = (named == null ? Path.of("") : named).toAbsolutePath().normalize();
    try {
      var changes = PullRequestsFromGit.last(folder, count);
      return new DemoSource(name(folder), "the last commits of " + folder, changes);
    } catch (SimulatorException.GitMissing | SimulatorException.NotEnoughHistory e) {
      return sample(count, e, told);
    } catch (SimulatorException.NotARepository e) {
      if (named != null) {
        throw e;
      }
      return sample(count, e, told);
    }
  }

  /// Returns whether any change has lines which can be reviewed.
  boolean hasText() {
    return changes.stream()
        .flatMap(change -> change.files().stream())
        .anyMatch(file -> file.patch() != null);
  }

  private static DemoSource sample(int count, SimulatorException why, Consumer<String> told) {
    told.accept(why.getMessage() + ": taking the sample");
    var changes = SamplePullRequests.all();
    return new DemoSource(
        "parcels",
        "the sample that Latchkey brings along",
        changes.subList(0, Math.min(count, changes.size())));
  }

  /// A folder's name as one a repository may have.
  private static String name(Path folder) {
    var last = folder.getFileName();
    var name = last == null ? "" : last.toString().replaceAll("[^A-Za-z0-9_-]+", "-");
    var cut = name.substring(0, Math.min(name.length(), 100));
    return cut.isEmpty() ? "repository" : cut;
  }
}
