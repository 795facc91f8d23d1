package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// GitHub, "REST API endpoints for repository contents", "… for Git blobs", "… for collaborators",
/// "… for pull requests", and "Best practices for using the REST API" on conditional requests.
final class RepositoryRulesTest {
  private static final String RAW = "application/vnd.github.raw+json";
  private static final String FILE = "/contents/.github/latchkey.yml";

  private final TestApp app = new TestApp();

  @BeforeEach
  void openPullRequest() {
    app.open();
    app.github().people().file(app.repository(), "main", ".github/latchkey.yml", "enabled: ja ü\n");
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void aFileComesRawOrInJson() throws IOException {
    var raw = app.get(FILE + "?ref=main", "Accept", RAW);
    var json = app.get(FILE).json();

    var decoded = Base64.getMimeDecoder().decode(json.path("content").asString());
    assertThat(raw.text()).isEqualTo("enabled: ja ü\n");
    assertThat(raw.headers().get("content-type")).startsWith(RAW);
    assertThat(json.path("encoding").asString()).isEqualTo("base64");
    assertThat(json.path("path").asString()).isEqualTo(".github/latchkey.yml");
    assertThat(new String(decoded, StandardCharsets.UTF_8)).isEqualTo("enabled: ja ü\n");
  }

  @Test
  void aFileIsLookedUpOnItsBranchOnly() throws IOException {
    app.github().people().file(app.repository(), "next", "other.txt", "x");

    assertThat(app.get(FILE + "?ref=next").status()).isEqualTo(404);
    assertThat(app.get(FILE + "?ref=unknown").message())
        .isEqualTo("No commit found for the ref unknown");
    assertThat(app.get(FILE + "?ref=" + TestApp.BASE).status()).isEqualTo(200);
    assertThat(app.get("/contents/missing.txt").status()).isEqualTo(404);
  }

  @Test
  void aFolderIsAListInWhateverForm() throws IOException {
    var folder = app.get("/contents/.github", "Accept", RAW);

    assertThat(folder.json().isArray()).isTrue();
    assertThat(folder.json().path(0).path("name").asString()).isEqualTo("latchkey.yml");
    assertThat(folder.json().path(0).path("type").asString()).isEqualTo("file");
  }

  @Test
  void aFileLargerThanAMegabyteHasNoContentInJson() throws IOException {
    app.github().people().file(app.repository(), "main", "big", new byte[1024 * 1024 + 1]);

    var json = app.get("/contents/big").json();

    assertThat(json.path("encoding").asString()).isEqualTo("none");
    assertThat(json.path("content").asString("-")).isEmpty();
    assertThat(app.get("/contents/big", "Accept", RAW).text()).hasSize(1024 * 1024 + 1);
  }

  @Test
  void aBlobComesByItsId() throws IOException {
    var id = "a".repeat(40);
    app.github().people().blob(app.repository(), id, "one\n".getBytes(StandardCharsets.UTF_8));

    var json = app.get("/git/blobs/" + id).json();

    assertThat(json.path("content").asString()).isEqualTo("b25lCg==");
    assertThat(app.get("/git/blobs/" + id, "Accept", RAW).text()).isEqualTo("one\n");
    // As `git hash-object` has it.
    assertThat(Blobs.id("one\n".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("5626abf0f72e58d7a153368ba57db4c673c0e171");
    assertThat(app.get("/git/blobs/" + "c".repeat(40)).status()).isEqualTo(404);
  }

  @Test
  void finerRolesAreToldBesideTheOldPermission() throws IOException {
    var people = app.github().people();
    for (var role : List.of("admin", "maintain", "write", "triage", "read", "none")) {
      people.role(app.repository(), "User-" + role, role);
    }

    assertThat(permission("user-admin")).isEqualTo("admin/admin");
    assertThat(permission("user-maintain")).isEqualTo("write/maintain");
    assertThat(permission("user-write")).isEqualTo("write/write");
    assertThat(permission("user-triage")).isEqualTo("read/triage");
    assertThat(permission("user-read")).isEqualTo("read/read");
    assertThat(permission("user-none")).isEqualTo("none/none");
    assertThat(permission("anybody")).isEqualTo("read/read");
  }

  @Test
  void nobodyHasNoPermission() throws IOException {
    app.github().people().gone(app.repository(), "mira", true);

    assertThat(app.get("/collaborators/mira/permission").status()).isEqualTo(404);
  }

  @Test
  void openPullRequestsAreListedInPagesWithoutTheirCounts() throws IOException {
    app.open();
    app.open();
    app.github().closePullRequest(app.repository(), 2);

    var list = app.get("/pulls?state=open&sort=created&direction=asc").json();
    var newestFirst = app.get("/pulls").json();
    var paged = app.get("/pulls?per_page=1");

    assertThat(numbers(list)).containsExactly(1, 3);
    assertThat(numbers(newestFirst)).containsExactly(3, 1);
    assertThat(numbers(app.get("/pulls?state=closed").json())).containsExactly(2);
    assertThat(numbers(app.get("/pulls?state=all&direction=asc").json())).containsExactly(1, 2, 3);
    assertThat(list.path(0).has("changed_files")).isFalse();
    assertThat(list.path(0).has("merged")).isFalse();
    assertThat(paged.headers().get("link")).contains("rel=\"next\"");
    assertThat(app.get("/pulls?state=merged").status()).isEqualTo(422);
  }

  @Test
  void byChangeTheOldestComesFirstUnlessSaid() throws IOException {
    app.open();
    app.clock().advance(Duration.ofMinutes(1));
    app.github().people().label(app.repository(), 1, "later");

    assertThat(numbers(app.get("/pulls?sort=updated").json())).containsExactly(2, 1);
    assertThat(numbers(app.get("/pulls?sort=updated&direction=desc").json())).containsExactly(1, 2);
  }

  @Test
  void anUnchangedAnswerIsNotSentAgain() throws IOException {
    var etag = app.get("/pulls").headers().getOrDefault("etag", "");

    var same = app.get("/pulls", "If-None-Match", etag);
    var oneOfMany = app.get("/pulls", "If-None-Match", "\"x\", " + etag);
    app.github().people().label(app.repository(), 1, "urgent");
    var changed = app.get("/pulls", "If-None-Match", etag);

    assertThat(same.status()).isEqualTo(304);
    assertThat(same.text()).isEmpty();
    assertThat(oneOfMany.status()).isEqualTo(304);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.headers().get("etag")).isNotEqualTo(etag);
  }

  @Test
  void etagsCanBeMissing() throws IOException {
    try (var other = new TestApp(o -> o.withRules(SimulatedRules.relaxed().withoutEtags()))) {
      other.open();

      assertThat(other.get("/pulls").headers()).doesNotContainKey("etag");
    }
  }

  @Test
  void aCommitsPullRequestsAreThoseOpenOrMerged() throws IOException {
    app.open();
    app.open();
    app.github().closePullRequest(app.repository(), 2);
    app.github().people().merge(app.repository(), 3);

    var list = app.get("/commits/" + TestApp.HEAD + "/pulls").json();

    assertThat(numbers(list)).containsExactly(1, 3);
    assertThat(app.get("/commits/" + "e".repeat(40) + "/pulls").status()).isEqualTo(422);
  }

  @Test
  void aForkIsTheHeadsRepositoryAndMayBeGone() throws IOException {
    var people = app.github().people();
    people.change(app.repository(), 1, traits -> traits.fromFork(77L));
    var fork = app.get("/pulls/1").json().path("head").path("repo");
    people.change(app.repository(), 1, traits -> traits.fromFork(null));
    var gone = app.get("/pulls/1").json().path("head").path("repo");

    assertThat(fork.path("id").asLong()).isEqualTo(77);
    assertThat(fork.path("fork").asBoolean()).isTrue();
    assertThat(gone.isNull()).isTrue();
  }

  @Test
  void traitsOfAPullRequestAreTold() throws IOException {
    var people = app.github().people();
    var usual = app.get("/pulls/1").json();
    people.change(
        app.repository(),
        1,
        traits -> traits.byBot().withAssociation("MEMBER").withTitle("WIP").withLabels("skip"));
    people.convertToDraft(app.repository(), 1);
    people.retarget(app.repository(), 1, "next", "f".repeat(40), List.of());

    var json = app.get("/pulls/1").json();

    assertThat(usual.path("author_association").asString()).isEqualTo("CONTRIBUTOR");
    assertThat(json.path("user").path("type").asString()).isEqualTo("Bot");
    assertThat(json.path("author_association").asString()).isEqualTo("MEMBER");
    assertThat(json.path("title").asString()).isEqualTo("WIP");
    assertThat(json.path("draft").asBoolean()).isTrue();
    assertThat(json.path("labels").path(0).path("name").asString()).isEqualTo("skip");
    assertThat(json.path("base").path("ref").asString()).isEqualTo("next");
    assertThat(json.path("base").path("sha").asString()).isEqualTo("f".repeat(40));
    assertThat(json.path("changed_files").asInt(-1)).isZero();
  }

  private String permission(String login) throws IOException {
    var json = app.get("/collaborators/" + login + "/permission").json();
    return json.path("permission").asString() + "/" + json.path("role_name").asString();
  }

  private static List<Integer> numbers(JsonNode list) {
    var numbers = new ArrayList<Integer>();
    list.forEach(item -> numbers.add(item.path("number").asInt()));
    return numbers;
  }
}
