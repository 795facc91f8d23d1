package dev.latchkey.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What else there is to a pull request than its commits: it may change at any time.
///
/// @param title in one line
/// @param authorType `User` or `Bot`
/// @param association of its author, as GitHub names it
/// @param labels their names
/// @param baseRef the branch it is to be merged into
/// @param headRepository the id of the repository its head is in; null if that is gone
public record SimulatedTraits(
    String title,
    String authorType,
    String association,
    List<String> labels,
    String baseRef,
    @Nullable Long headRepository) {

  public SimulatedTraits {
    labels = List.copyOf(labels);
  }

  public SimulatedTraits withTitle(String value) {
    return new SimulatedTraits(value, authorType, association, labels, baseRef, headRepository);
  }

  public SimulatedTraits byBot() {
    return new SimulatedTraits(title, "Bot", association, labels, baseRef, headRepository);
  }

  public SimulatedTraits withAssociation(String value) {
    return new SimulatedTraits(title, authorType, value, labels, baseRef, headRepository);
  }

  public SimulatedTraits withLabels(String... values) {
    return new SimulatedTraits(
        title, authorType, association, List.of(values), baseRef, headRepository);
  }

  public SimulatedTraits withBase(String branch) {
    return new SimulatedTraits(title, authorType, association, labels, branch, headRepository);
  }

  public SimulatedTraits fromFork(@Nullable Long repository) {
    return new SimulatedTraits(title, authorType, association, labels, baseRef, repository);
  }
}
