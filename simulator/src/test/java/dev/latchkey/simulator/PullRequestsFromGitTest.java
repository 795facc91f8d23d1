package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PullRequestsFromGitTest {

  @TempDir Path folder;

  @Test
  void aCommitBecomesAPullRequestAgainstItsParent() throws IOException {
    var git = GitFolder.create(folder);
    git.write("a.txt", "one\ntwo\n");
    var base = git.commit("First");
    git.write("a.txt", "one\n2\n");
    var head = git.commit("Count in digits\n\nWords are long.\nDigits are not.");

    var change = PullRequestsFromGit.last(folder, 5).getFirst();

    assertThat(change.baseSha()).isEqualTo(base);
    assertThat(change.headSha()).isEqualTo(head);
    assertThat(change.title()).isEqualTo("Count in digits");
    assertThat(change.body()).isEqualTo("Words are long.\nDigits are not.");
    assertThat(change.author()).isEqualTo("Mira-K");
    assertThat(change.files())
        .containsExactly(
            new SimulatedFile(
                "a.txt",
                null,
                "modified",
                git.run("rev-parse", "HEAD:a.txt").strip(),
                1,
                1,
                "@@ -1,2 +1,2 @@\n one\n-two\n+2"));
  }

  @Test
  void theLastCommitsAreTakenOldestFirst() throws IOException {
    var git = GitFolder.create(folder);
    for (var i = 0; i < 5; i++) {
      git.write("a.txt", "line " + i + "\n");
      git.commit("Commit " + i);
    }

    var changes = PullRequestsFromGit.last(folder, 3);

    assertThat(changes)
        .extracting(ProposedChange::title)
        .containsExactly("Commit 2", "Commit 3", "Commit 4");
  }

  @Test
  void mergesEmptyCommitsAndTheFirstCommitAreLeftOut() throws IOException {
    var git = GitFolder.create(folder);
    git.write("a.txt", "a\n");
    git.commit("First");
    git.run("checkout", "--quiet", "-b", "side");
    git.write("b.txt", "b\n");
    git.commit("On the side");
    git.run("checkout", "--quiet", "main");
    git.write("c.txt", "c\n");
    git.commit("On main");
    git.run("merge", "--quiet", "--no-edit", "side");
    git.commit("Nothing");

    var changes = PullRequestsFromGit.last(folder, 10);

    assertThat(changes)
        .extracting(ProposedChange::title)
        .containsExactlyInAnyOrder("On the side", "On main");
  }

  @Test
  void filesAreListedAsGitHubListsThem() throws IOException {
    var git = GitFolder.create(folder);
    git.write("gone.txt", "x\n");
    git.write("kept/old name\t.txt", "1\n2\n3\n4\n5\n");
    git.write("logo.png", new byte[] {0, 1, 2});
    git.write("mode.sh", "run\n");
    git.write("kind", "text\n");
    git.commit("First");
    Files.delete(folder.resolve("gone.txt"));
    Files.delete(folder.resolve("kept/old name\t.txt"));
    git.write("kept/new näme\t.txt", "1\n2\n3\n4\n5\n6\n");
    git.write("logo.png", new byte[] {0, 1, 3});
    git.write("new.txt", "no line break");
    Files.delete(folder.resolve("kind"));
    Files.createSymbolicLink(folder.resolve("kind"), Path.of("new.txt"));
    git.run("add", "--all");
    git.run("update-index", "--chmod=+x", "mode.sh");
    git.run("commit", "--quiet", "-m", "All kinds");

    var files = PullRequestsFromGit.last(folder, 1).getFirst().files();

    assertThat(files)
        .extracting(
            SimulatedFile::filename,
            SimulatedFile::previousFilename,
            SimulatedFile::status,
            SimulatedFile::additions,
            SimulatedFile::deletions,
            SimulatedFile::patch)
        .containsExactlyInAnyOrder(
            tuple("gone.txt", null, "removed", 0, 1, "@@ -1 +0,0 @@\n-x"),
            tuple(
                "kept/new näme\t.txt",
                "kept/old name\t.txt",
                "renamed",
                1,
                0,
                "@@ -3,3 +3,4 @@\n 3\n 4\n 5\n+6"),
            tuple("kind", null, "changed", 1, 1, null),
            tuple("logo.png", null, "modified", 0, 0, null),
            tuple("mode.sh", null, "modified", 0, 0, null),
            tuple(
                "new.txt",
                null,
                "added",
                1,
                0,
                "@@ -0,0 +1 @@\n+no line break\n\\ No newline at end of file"));
  }

  @Test
  void aLineThatLooksLikeAFilesHeaderBeginsNoFile() throws IOException {
    var git = GitFolder.create(folder);
    git.write("a.txt", "one\n");
    git.write("b.txt", "one\n");
    git.commit("First");
    git.write("a.txt", "one\ndiff --git a/x b/x\n@@ -1 +1 @@\n--- a/x\n+++ b/x\n");
    git.write("b.txt", "two\n");
    git.commit("Tricky");

    var files = PullRequestsFromGit.last(folder, 1).getFirst().files();

    assertThat(files).extracting(SimulatedFile::filename).containsExactly("a.txt", "b.txt");
    assertThat(files.getFirst().additions()).isEqualTo(4);
    assertThat(files.getLast().patch()).isEqualTo("@@ -1 +1 @@\n-one\n+two");
  }

  @Test
  void aPatchThatIsTooLargeIsMissing() throws IOException {
    var git = GitFolder.create(folder);
    git.commit("First");
    git.write("small.txt", "x\n");
    git.write("large.txt", "x\n".repeat(20_001));
    git.commit("Large");

    var files = PullRequestsFromGit.last(folder, 1).getFirst().files();

    assertThat(files.getFirst().patch()).isNull();
    assertThat(files.getFirst().additions()).isEqualTo(20_001);
    assertThat(files.getLast().patch()).isNotNull();
  }

  @Test
  void settingsOfTheRepositoryChangeNothingAndRunNothing() throws IOException {
    var git = GitFolder.create(folder);
    var trap = folder.resolve("trap");
    git.write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    git.write(".gitattributes", "*.txt diff=trap\n");
    git.commit("First");
    git.write("a.txt", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n");
    git.commit("Second");
    var program = "touch '" + trap + "'; cat";
    git.run("config", "diff.external", program);
    git.run("config", "diff.trap.textconv", program);
    git.run("config", "diff.trap.command", program);
    git.run("config", "core.pager", program);
    git.run("config", "diff.noprefix", "true");
    git.run("config", "diff.context", "1");
    git.run("config", "color.ui", "always");
    git.run("config", "diff.suppressBlankEmpty", "true");

    var file = PullRequestsFromGit.last(folder, 1).getFirst().files().getFirst();

    assertThat(file.patch()).isEqualTo("@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8");
    assertThat(trap).doesNotExist();
  }

  @Test
  void aLoginIsTakenFromGitHubsOwnAddress() throws IOException {
    var git = GitFolder.create(folder);
    git.commit("First");
    git.write("a.txt", "x\n");
    git.run("add", "--all");
    git.run(
        "commit",
        "--quiet",
        "--author",
        "Somebody Else <123+octo-cat@users.noreply.github.com>",
        "-m",
        "Second");

    assertThat(PullRequestsFromGit.last(folder, 1).getFirst().author()).isEqualTo("octo-cat");
  }

  @Test
  void aFolderWithoutARepositoryIsRefused() {
    assertThatExceptionOfType(SimulatorException.NotARepository.class)
        .isThrownBy(() -> PullRequestsFromGit.last(folder, 1))
        .withMessageContaining(folder.toString());
    assertThatExceptionOfType(SimulatorException.NotARepository.class)
        .isThrownBy(() -> PullRequestsFromGit.last(folder.resolve("absent"), 1));
  }

  @Test
  void aRepositoryWithoutHistoryIsRefused() throws IOException {
    var git = GitFolder.create(folder);

    assertThatExceptionOfType(SimulatorException.NotEnoughHistory.class)
        .isThrownBy(() -> PullRequestsFromGit.last(folder, 1));

    git.write("a.txt", "x\n");
    git.commit("Only one");
    assertThatExceptionOfType(SimulatorException.NotEnoughHistory.class)
        .isThrownBy(() -> PullRequestsFromGit.last(folder, 1));
  }

  @Test
  void aCommitWhoseContentIsNotThereIsLeftOut() throws IOException {
    var git = GitFolder.create(folder);
    git.commit("First");
    git.write("a.txt", "x\n");
    git.commit("Whole");
    git.write("b.txt", "lost\n");
    git.commit("Not whole");
    var lost = git.run("rev-parse", "HEAD:b.txt").strip();
    // Git would take it from the working tree.
    Files.delete(folder.resolve("b.txt"));
    Files.delete(folder.resolve(".git/objects/" + lost.substring(0, 2) + "/" + lost.substring(2)));

    var changes = PullRequestsFromGit.last(folder, 10);

    assertThat(changes).extracting(ProposedChange::title).containsExactly("Whole");
  }

  @Test
  void atMostAHundredAreMade() {
    assertThatIllegalArgumentException().isThrownBy(() -> PullRequestsFromGit.last(folder, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> PullRequestsFromGit.last(folder, 101));
  }

  private static Tuple tuple(@Nullable Object... values) {
    return Tuple.tuple(values);
  }
}
