package dev.latchkey.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/// One connection to a server on this machine which is kept open, with one request at a time. It
/// knows just enough of HTTP to leave the processor to the server.
final class HttpConnection implements AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 16 << 10;
  private static final int LONGEST_SILENCE_MILLIS = 60_000;
  private static final String LENGTH = "\r\ncontent-length:";

  private final Socket socket;
  private final InputStream in;
  private final byte[] answer = new byte[MAX_ANSWER_BYTES];

  /// What came back.
  record Answer(int status, String body) {}

  HttpConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
    in = socket.getInputStream();
  }

  /// @param head method, path and headers, each line with its end, without `Content-Length`
  Answer exchange(String head, byte[] body) throws IOException {
    byte[] lines =
        (head + "Host: 127.0.0.1\r\nContent-Length: " + body.length + "\r\n\r\n")
            .getBytes(US_ASCII);
    byte[] request = new byte[lines.length + body.length];
    System.arraycopy(lines, 0, request, 0, lines.length);
    System.arraycopy(body, 0, request, lines.length, body.length);
    socket.getOutputStream().write(request);
    return read();
  }

  private Answer read() throws IOException {
    int filled = 0;
    while (true) {
      int count = in.read(answer, filled, answer.length - filled);
      if (count <= 0) {
        throw new EOFException("the answer ends after " + filled + " bytes, or is too long");
      }
      filled += count;
      String text = new String(answer, 0, filled, US_ASCII);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0 && filled >= end + 4 + length(text.substring(0, end + 2))) {
        // HTTP/1.1 202 Accepted
        return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(end + 4));
      }
    }
  }

  private static int length(String head) throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf(LENGTH);
    if (at < 0) {
      throw new IOException("the answer doesn't say how long it is: " + head);
    }
    int begin = at + LENGTH.length();
    return Integer.parseInt(head.substring(begin, head.indexOf('\r', begin)).strip());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
