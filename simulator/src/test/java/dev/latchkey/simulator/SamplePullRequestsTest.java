package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SamplePullRequestsTest {

  @Test
  void everySampleHasFilesWhosePatchesAreWhole() {
    var changes = SamplePullRequests.all();

    assertThat(changes).hasSize(6);
    assertThat(changes).extracting(ProposedChange::headSha).doesNotHaveDuplicates();
    for (var change : changes) {
      assertThat(change.title()).isNotBlank();
      assertThat(change.body()).isNotBlank();
      assertThat(change.files()).isNotEmpty();
    }
  }

  @Test
  void thereIsARenamedFileANewOneAndABinaryOne() {
    var files = SamplePullRequests.all().getLast().files();

    assertThat(files)
        .extracting(SimulatedFile::filename)
        .containsExactly("README.md", "db/schema.sql", "web/logo.png", "web/parcel-page.ts");
    assertThat(files)
        .extracting(SimulatedFile::status)
        .containsExactly("modified", "modified", "added", "renamed");
    assertThat(files.get(2).patch()).isNull();
    assertThat(files.get(3).previousFilename()).isEqualTo("web/tracking.ts");
  }
}
