package dev.latchkey.simulator;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;

/// A page of a list (GitHub, "Using pagination in the REST API"): 30 items unless asked for up to
/// 100, numbered from 1; a number that is none counts as not given.
///
/// @param link the `Link` header, empty if all is on one page
record Page<T>(List<T> items, String link) {
  private static final int DEFAULT_SIZE = 30;
  private static final int LARGEST = 100;

  /// @param address of the list, without a query
  static <T> Page<T> of(List<T> all, ApiCall call, String address) {
    var size = Math.min(number(call, "per_page", DEFAULT_SIZE), LARGEST);
    var page = number(call, "page", 1);
    var last = Math.max(1, (all.size() + size - 1) / size);
    var from = (int) Math.min((long) (page - 1) * size, all.size());
    var items = all.subList(from, Math.min(from + size, all.size()));
    return new Page<>(new ArrayList<>(items), link(call, address, page, last));
  }

  private static String link(ApiCall call, String address, int page, int last) {
    var links = new StringJoiner(", ");
    if (page > 1) {
      links.add(link(call, address, Math.min(page - 1, last), "prev"));
    }
    if (page < last) {
      links.add(link(call, address, page + 1, "next"));
      links.add(link(call, address, last, "last"));
    }
    if (page > 1) {
      links.add(link(call, address, 1, "first"));
    }
    return links.toString();
  }

  private static String link(ApiCall call, String address, int page, String relation) {
    var query = new StringJoiner("&", "?", "");
    new TreeMap<>(call.query())
        .forEach((name, value) -> {
          if (!name.equals("page")) {
            query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
          }
        });
    query.add("page=" + page);
    return "<" + address + query + ">; rel=\"" + relation + "\"";
  }

  private static int number(ApiCall call, String name, int fallback) {
    var text = call.query().getOrDefault(name, "");
    return text.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(text) : fallback;
  }
}
