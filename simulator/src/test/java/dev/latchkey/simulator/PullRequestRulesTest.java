package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// GitHub, "Get a pull request" and "List pull requests files".
final class PullRequestRulesTest {
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

  private final TestApp app = new TestApp();

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void aPullRequestNamesItsHeadAndBase() throws IOException {
    app.open();

    var json = app.get("/pulls/1").json();

    assertThat(json.path("state").asString()).isEqualTo("open");
    assertThat(json.path("draft").asBoolean()).isFalse();
    assertThat(json.path("head").path("sha").asString()).isEqualTo(TestApp.HEAD);
    assertThat(json.path("base").path("sha").asString()).isEqualTo(TestApp.BASE);
    assertThat(json.path("base").path("repo").path("full_name").asString())
        .isEqualTo("octo/parcels");
    assertThat(json.path("user").path("login").asString()).isEqualTo("mira");
    assertThat(json.path("changed_files").asInt()).isEqualTo(1);
    assertThat(json.path("additions").asInt()).isEqualTo(3);
    assertThat(json.path("deletions").asInt()).isEqualTo(1);
  }

  @Test
  void namesOfRepositoriesDoNotDifferByCase() throws IOException {
    app.open();

    var answer = app.send("GET", "/repos/OCTO/Parcels/pulls/1", app.token(), "");

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void anUnknownPullRequestIsNotFound() throws IOException {
    var answer = app.get("/pulls/1");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.message()).isEqualTo("Not Found");
  }

  @Test
  void closingShowsInTheState() throws IOException {
    app.open();
    app.github().closePullRequest(app.repository(), 1);

    var closed = app.get("/pulls/1").json();
    app.github().reopenPullRequest(app.repository(), 1);
    var reopened = app.get("/pulls/1").json();

    assertThat(closed.path("state").asString()).isEqualTo("closed");
    assertThat(closed.path("closed_at").isString()).isTrue();
    assertThat(reopened.path("state").asString()).isEqualTo("open");
  }

  @Test
  void aFileHasItsPatch() throws IOException {
    app.open();

    var file = app.get("/pulls/1/files").json().path(0);

    assertThat(file.path("filename").asString()).isEqualTo("src/Main.java");
    assertThat(file.path("status").asString()).isEqualTo("modified");
    assertThat(file.path("additions").asInt()).isEqualTo(3);
    assertThat(file.path("changes").asInt()).isEqualTo(4);
    assertThat(file.path("patch").asString()).isEqualTo(TestApp.PATCH);
    assertThat(file.has("previous_filename")).isFalse();
  }

  @Test
  void aBinaryFileHasNoPatch() throws IOException {
    app.open(List.of(SimulatedFile.binary("logo.png")));

    var file = app.get("/pulls/1/files").json().path(0);

    assertThat(file.path("filename").asString()).isEqualTo("logo.png");
    assertThat(file.has("patch")).isFalse();
  }

  @Test
  void filesComeInPagesOfThirty() throws IOException {
    app.open(files(65));

    var first = app.get("/pulls/1/files");
    var last = app.get("/pulls/1/files?page=3");
    var beyond = app.get("/pulls/1/files?page=4");

    assertThat(first.json().size()).isEqualTo(30);
    assertThat(first.headers().get("link"))
        .contains("page=2>; rel=\"next\"")
        .contains("page=3>; rel=\"last\"")
        .doesNotContain("prev");
    assertThat(last.json().size()).isEqualTo(5);
    assertThat(last.headers().get("link")).contains("rel=\"prev\"").doesNotContain("next");
    assertThat(beyond.json().size()).isZero();
  }

  @Test
  void aPageHasAtMostAHundred() throws IOException {
    app.open(files(150));

    var answer = app.get("/pulls/1/files?per_page=1000");

    assertThat(answer.json().size()).isEqualTo(100);
    assertThat(answer.headers().get("link")).contains("per_page=1000&page=2>; rel=\"next\"");
  }

  @Test
  void onePageHasNoLinks() throws IOException {
    app.open(files(30));

    assertThat(app.get("/pulls/1/files").headers()).doesNotContainKey("link");
  }

  @Test
  void followingTheLinksSeesEachFileOnce() throws IOException {
    app.open(files(250));
    var seen = new ArrayList<String>();

    var uri = URI.create(app.github().uri() + "/repos/octo/parcels/pulls/1/files?per_page=100");
    while (uri != null) {
      var answer =
          PlainHttp.send(
              "GET",
              uri,
              Map.of("User-Agent", "a-test", "Authorization", "Bearer " + app.token()),
              "");
      answer.json().values().forEach(file -> seen.add(file.path("filename").asString()));
      var next = NEXT.matcher(answer.headers().getOrDefault("link", ""));
      uri = next.find() ? URI.create(next.group(1)) : null;
    }

    assertThat(seen).hasSize(250).doesNotHaveDuplicates();
  }

  @Test
  void atMostThreeThousandFilesAreListed() throws IOException {
    app.open(files(3_010));

    var last = app.get("/pulls/1/files?per_page=100&page=30");

    assertThat(last.json().size()).isEqualTo(100);
    assertThat(last.headers().get("link")).doesNotContain("next");
    assertThat(app.get("/pulls/1").json().path("changed_files").asInt()).isEqualTo(3_010);
  }

  @Test
  void aPushMovesTheHead() throws IOException {
    app.open();
    app.github()
        .push(app.repository(), 1, "d".repeat(40), List.of(SimulatedFile.binary("logo.png")));

    var json = app.get("/pulls/1").json();
    var files = app.get("/pulls/1/files").json();

    assertThat(json.path("head").path("sha").asString()).isEqualTo("d".repeat(40));
    assertThat(files.path(0).path("filename").asString()).isEqualTo("logo.png");
    assertThat(app.github().pullRequests(app.repository()).getFirst().earlierHeads())
        .containsExactly(TestApp.HEAD);
  }

  private static List<SimulatedFile> files(int count) {
    var files = new ArrayList<SimulatedFile>();
    for (var i = 0; i < count; i++) {
      files.add(SimulatedFile.binary("file-" + i));
    }
    return files;
  }
}
