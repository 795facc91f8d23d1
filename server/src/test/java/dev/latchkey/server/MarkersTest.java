package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.github.RepositoryRef;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkersTest {

  private static final ReviewKey KEY = new ReviewKey(1, 7, "a".repeat(40), "main", 1);
  private static final byte[] SECRET = "s".repeat(32).getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER = "o".repeat(32).getBytes(StandardCharsets.US_ASCII);

  private final Markers markers = new Markers(List.of(SECRET));

  @Test
  void aMarkerIsRecognisedAnywhereInABody() {
    String body = "A review.\n\n" + markers.write(KEY) + "\n";

    assertThat(markers.read(body)).contains(KEY.hash());
  }

  @Test
  void anotherKeysMarkerIsNot() {
    String body = new Markers(List.of(OTHER)).write(KEY);

    assertThat(markers.read(body)).isEmpty();
  }

  @Test
  void aFormerKeyOfTheRingStillRecognisesItsMarkers() {
    String body = markers.write(KEY);

    assertThat(new Markers(List.of(OTHER, SECRET)).read(body)).contains(KEY.hash());
  }

  @Test
  void aMarkerWhoseHeadOrRoundWasChangedIsNot() {
    String marker = markers.write(KEY);

    assertThat(markers.read(marker.replace("head=a", "head=b"))).isEmpty();
    assertThat(markers.read(marker.replace("round=1", "round=2"))).isEmpty();
  }

  @Test
  void aBodyWithTwoMarkersIsNotOurs() {
    String marker = markers.write(KEY);

    assertThat(markers.read(marker + marker)).isEmpty();
  }

  @Test
  void aFindingsMarkerIsRecognisedOnItsOwnPullRequestOnly() {
    PullRef pull = new PullRef(new RepositoryRef(1, 2, "acme", "web"), 7);
    PullRef other = new PullRef(new RepositoryRef(1, 2, "acme", "web"), 8);

    String body = "Text\n\n" + markers.write(Markers.Kind.FINDING, pull, "ab12-2");

    assertThat(markers.read(Markers.Kind.FINDING, pull, body)).contains("ab12-2");
    assertThat(markers.read(Markers.Kind.FINDING, other, body)).isEmpty();
    assertThat(markers.read(Markers.Kind.SUMMARY, pull, body)).isEmpty();
    assertThat(markers.read(Markers.Kind.FINDING, pull, body.replace("ab12", "ab13"))).isEmpty();
    assertThat(markers.read(Markers.Kind.FINDING, pull, body + body)).isEmpty();
  }

  @Test
  void theMarkersOfADatabaseStayTheSame() {
    try (Database database = Database.inMemory(DatabaseOptions.defaults())) {
      String marker = Markers.of(database).write(KEY);

      assertThat(Markers.of(database).read(marker)).contains(KEY.hash());
    }
  }

  @Test
  void keysDifferByEachPart() {
    ReviewKey number = new ReviewKey(1, 8, KEY.head(), "main", 1);
    ReviewKey head = new ReviewKey(1, 7, "b".repeat(40), "main", 1);
    ReviewKey base = new ReviewKey(1, 7, KEY.head(), "next", 1);
    ReviewKey round = new ReviewKey(1, 7, KEY.head(), "main", 2);

    assertThat(List.of(KEY.hash(), number.hash(), head.hash(), base.hash(), round.hash()))
        .doesNotHaveDuplicates();
  }
}
