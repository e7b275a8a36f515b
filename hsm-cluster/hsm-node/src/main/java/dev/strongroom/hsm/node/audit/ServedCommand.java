package dev.strongroom.hsm.node.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A command that served a request of a caller, as its record in a trail has it.
 *
 * @param requestId as the gateway told it to the caller
 * @param command its name; of a change of a key, which change as well: {@code ChangeKey SetState DISABLED}
 * @param keys that it was about, each {@code account/Region/id}
 * @param about what else it was about; empty if nothing
 * @param commandId under which its repetition is recognised; empty for what may be done twice
 * @param result {@code OK}, or why not
 */
public record ServedCommand(
        Place place,
        String requestId,
        String command,
        List<String> keys,
        String about,
        String commandId,
        String result) {

    public ServedCommand {
        keys = List.copyOf(keys);
    }

    /**
     * Where it is recorded.
     *
     * @param session of the start {@code boot} of the node
     */
    public record Place(String node, long seq, long boot, long session) {

        @Override
        public String toString() {
            return node + " at record " + seq;
        }
    }

    /**
     * Reads the record of a command; empty if it served nobody's request.
     *
     * @throws MalformedTrailException if its fields are not in the form of a record
     */
    static Optional<ServedCommand> of(TrailRecord record) throws MalformedTrailException {
        var fields = fields(record.fields().scan());
        var request = fields.get("requestId");
        if (request == null) {
            return Optional.empty();
        }
        var keys = new ArrayList<String>();
        for (var name : List.of("key", "key2")) {
            if (fields.containsKey(name)) {
                keys.add(fields.getOrDefault(name, ""));
            }
        }
        var at = record.position();
        var change = fields.get("change");
        var command = fields.getOrDefault("command", "");
        return Optional.of(new ServedCommand(
                new Place(at.node(), at.seq(), at.boot(), number(fields, "session")),
                request,
                change == null ? command : command + " " + change,
                keys,
                fields.getOrDefault("about", ""),
                fields.getOrDefault("commandId", ""),
                fields.getOrDefault("result", "")));
    }

    private static Map<String, String> fields(LineScanner scan) throws MalformedTrailException {
        var fields = new TreeMap<String, String>();
        while (!scan.isAtEnd()) {
            var name = scan.expect(",").text();
            var value = scan.expect(":").isNext("\"") ? scan.text() : String.valueOf(scan.number());
            if (fields.put(name, value) != null) {
                throw new MalformedTrailException("a field comes twice");
            }
        }
        return fields;
    }

    private static long number(Map<String, String> fields, String name) throws MalformedTrailException {
        return new LineScanner(fields.getOrDefault(name, "")).number();
    }
}
