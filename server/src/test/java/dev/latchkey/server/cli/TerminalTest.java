package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void outputThatCannotBeWrittenIsNotTakenForWritten() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(), new PrintStream(full), nowhere, Map.of(), false);

    assertThatThrownBy(() -> terminal.print("a review"))
        .isInstanceOf(UnusableException.class)
        .hasMessage("standard output can't be written");
  }
}
