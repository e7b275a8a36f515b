package dev.strongroom.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one request, in the order in which it is found. */
final class Violations {

    /** More are not told, so that a short request cannot ask for a long answer. The service's own limit is not known. */
    private static final int MAX = 100;

    /** Where a value stands; put together only if something is wrong with it. */
    record Path(@Nullable Path parent, Object step, String suffix) {

        /** A member of a request or structure, by its name in texts. */
        static Path member(@Nullable Path parent, String name) {
            return new Path(parent, name, "");
        }

        /** An element of a list, counted from 1, or the value of a map under its key. */
        Path element(Object indexOrKey) {
            return new Path(this, indexOrKey, ".member");
        }

        @Override
        public String toString() {
            return (parent == null ? "" : parent + ".") + step + suffix;
        }
    }

    private final List<String> sentences = new ArrayList<>();

    void add(String shownValue, Path path, String sentence) {
        if (sentences.size() < MAX) {
            sentences.add("Value" + shownValue + " at '" + path + "' failed to satisfy constraint: " + sentence);
        }
    }

    /** Throws {@link KmsError#VALIDATION} with everything collected, if there is anything. */
    void throwIfAny() {
        if (!sentences.isEmpty()) {
            var count = sentences.size() == 1 ? "1 validation error" : sentences.size() + " validation errors";
            throw KmsException.of(KmsError.VALIDATION, count + " detected: " + String.join("; ", sentences));
        }
    }
}
