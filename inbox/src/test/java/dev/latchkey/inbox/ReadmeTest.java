package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The example of inbox in the README, compiled and run.
@Timeout(60)
final class ReadmeTest {

  private static final Pattern EXAMPLE =
      Pattern.compile("\n### inbox: .*?```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern REGION =
      Pattern.compile("// The README " + "says:\n(.*?)// So far\\.", Pattern.DOTALL);

  @TempDir Path directory;

  private final CompletableFuture<String> sent = new CompletableFuture<>();

  private static String letterFor(String order) {
    return "thank you for " + order;
  }

  private void send(String text) {
    sent.complete(text);
  }

  @Test
  void exampleDoesWhatItSays() throws Exception {
    byte[] body = new byte[0];
    // The README says:
    Router router = seen -> Routing.to(NewWork.of("welcome", seen.id()).withSubject(seen.id()));
    Database database = Database.open(directory.resolve("app.db"));
    Inbox inbox = Inbox.open(database, InboxOptions.of(router));
    inbox.handler(
        "welcome",
        task -> {
          String text =
              task.step("write", task.subject(), Codec.text(), () -> letterFor(task.subject()));
          send(text);
          return Outcome.done();
        });
    inbox.start();
    inbox.accept(
        new Delivery("shop", "order-17", "created", Map.of(), body)); // kept when this returns
    // So far.
    assertThat(sent.get()).isEqualTo("thank you for order-17");
    inbox.close();
    database.close();
  }

  @Test
  void exampleIsThatOfTheReadme() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = Objects.requireNonNull(root.getParent(), "there is no README");
    }
    String readme = Files.readString(root.resolve("README.md"));
    String here = "inbox/src/test/java/dev/latchkey/inbox/ReadmeTest.java";

    String shown = found(EXAMPLE, readme);

    assertThat(shown).isEqualTo(found(REGION, Files.readString(root.resolve(here))));
  }

  /// Returns the text that matches, however it is broken into lines.
  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1).replaceAll("\\s+", "").replace("directory.resolve(", "Path.of(");
  }
}
