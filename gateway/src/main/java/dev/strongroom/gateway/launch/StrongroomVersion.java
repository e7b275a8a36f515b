package dev.strongroom.gateway.launch;

import picocli.CommandLine.IVersionProvider;

/** The version that stands in the jar's manifest. */
final class StrongroomVersion implements IVersionProvider {

    static String current() {
        var version = StrongroomVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development build" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"strongroom " + current()};
    }
}
