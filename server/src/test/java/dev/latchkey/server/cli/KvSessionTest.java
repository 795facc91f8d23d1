package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's session with `latchkey kv` prints what it says.
class KvSessionTest {
  private static final Pattern SESSION =
      Pattern.compile("\n### A store file by hand\n.*?```\n(.*?)```", Pattern.DOTALL);
  private static final String PROMPT = "$ ./latchkey kv app.db ";
  private static final String AND_CODE = "; echo $?";

  @TempDir Path folder;

  @Test
  void sessionOfTheReadmeIsTrue() throws IOException {
    KvBench kv = new KvBench(folder.resolve("app.db"));
    String session = session();
    StringBuilder played = new StringBuilder();

    session
        .lines()
        .filter(line -> line.startsWith("$"))
        .forEach(line -> {
          assertThat(line).startsWith(PROMPT);
          String words = line.substring(PROMPT.length()).replace(AND_CODE, "");
          CommandRun run = kv.run(words.split(" "));
          played.append(line).append('\n').append(run.out()).append(run.err());
          played.append(line.endsWith(AND_CODE) ? run.exitCode() + "\n" : "");
        });

    assertThat(played).hasToString(session).hasLineCount(23);
  }

  private static String session() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = Objects.requireNonNull(root.getParent(), "there is no README");
    }
    Matcher matcher = SESSION.matcher(Files.readString(root.resolve("README.md")));
    assertThat(matcher.find()).isTrue();
    return Objects.requireNonNull(matcher.group(1));
  }
}
