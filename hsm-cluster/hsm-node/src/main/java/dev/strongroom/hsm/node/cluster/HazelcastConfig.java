package dev.strongroom.hsm.node.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import java.util.Map;
import java.util.Set;

/** The few things of Hazelcast that are switched on, and the many that are switched off. */
final class HazelcastConfig {

    /**
     * What Java may deserialize: exceptions that a member answers with instead of a result, and what they are made of.
     * Without them such an answer is lost and its caller waits for a time-out in the middle of a join. Throwables run no
     * code of their own when they are read; nothing else of the platform, of Hazelcast or of Strongroom is let through.
     */
    private static final Set<String> EXCEPTIONS = Set.of(
            "java.lang.Throwable",
            "java.lang.Exception",
            "java.lang.RuntimeException",
            "java.lang.IllegalStateException",
            "java.lang.IllegalArgumentException",
            "java.lang.SecurityException",
            "java.lang.UnsupportedOperationException",
            "java.lang.StackTraceElement",
            "[Ljava.lang.StackTraceElement;",
            "java.util.ArrayList",
            "java.util.Collections$EmptyList",
            "java.util.concurrent.ExecutionException",
            "java.util.concurrent.TimeoutException",
            "java.util.concurrent.CancellationException",
            "com.hazelcast.core.HazelcastException",
            "com.hazelcast.core.HazelcastInstanceNotActiveException",
            "com.hazelcast.core.LocalMemberResetException",
            "com.hazelcast.core.MemberLeftException",
            "com.hazelcast.core.OperationTimeoutException",
            "com.hazelcast.nio.serialization.HazelcastSerializationException",
            "com.hazelcast.spi.exception.CallerNotMemberException",
            "com.hazelcast.spi.exception.RetryableException",
            "com.hazelcast.spi.exception.RetryableHazelcastException",
            "com.hazelcast.spi.exception.RetryableIOException",
            "com.hazelcast.spi.exception.ServiceNotFoundException",
            "com.hazelcast.spi.exception.SilentException",
            "com.hazelcast.spi.exception.TargetDisconnectedException",
            "com.hazelcast.spi.exception.TargetNotMemberException",
            "com.hazelcast.spi.exception.WrongTargetException",
            "com.hazelcast.transaction.TransactionException",
            "com.hazelcast.transaction.TransactionTimedOutException");

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.phone.home.enabled", "false"),
            // The process decides when it ends, and closes the link itself.
            Map.entry("hazelcast.shutdownhook.enabled", "false"),
            Map.entry("hazelcast.socket.bind.any", "false"),
            // Joining: no wait for stragglers, since who comes later joins later.
            Map.entry("hazelcast.wait.seconds.before.join", "0"),
            Map.entry("hazelcast.max.wait.seconds.before.join", "0"),
            // Whoever has not joined by then goes on alone and merges; see MemberJoiner.
            Map.entry("hazelcast.max.join.seconds", "5"),
            Map.entry("hazelcast.connect.all.wait.seconds", "1"),
            // Two groups that started or lived apart look for each other every few seconds; nothing is lost by merging,
            // since nothing is kept in Hazelcast.
            Map.entry("hazelcast.merge.first.run.delay.seconds", "3"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "3"),
            // A killed process is noticed at once, by its closed sockets. For a silent one: ten times the interval,
            // longer
            // than a pause of the collector or of the hypervisor, shorter than the lease of 30 s.
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry("hazelcast.max.no.heartbeat.seconds", "10"),
            // An answer that got lost does not hold up a join or a merge for the usual minute.
            Map.entry("hazelcast.operation.call.timeout.millis", "10000"),
            // No data, hence few partitions and few threads.
            Map.entry("hazelcast.partition.count", "1"),
            Map.entry("hazelcast.partition.backup.sync.interval", "600"),
            Map.entry("hazelcast.io.input.thread.count", "1"),
            Map.entry("hazelcast.io.output.thread.count", "1"),
            Map.entry("hazelcast.operation.thread.count", "1"),
            Map.entry("hazelcast.operation.generic.thread.count", "2"),
            Map.entry("hazelcast.operation.response.thread.count", "1"),
            Map.entry("hazelcast.event.thread.count", "1"),
            Map.entry("hazelcast.clientengine.thread.count", "1"),
            Map.entry("hazelcast.clientengine.query.thread.count", "1"),
            Map.entry("hazelcast.clientengine.blocking.thread.count", "1"),
            Map.entry("hazelcast.metrics.enabled", "false"),
            Map.entry("hazelcast.health.monitoring.level", "OFF"));

    private static final int CONNECT_SECONDS = 1;

    private HazelcastConfig() {}

    static Config of(MemberSettings settings) {
        var config = new Config(settings.lineage() + "/" + settings.nodeId());
        config.setClusterName(settings.lineage());
        PROPERTIES.forEach(config::setProperty);
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getManagementCenterConfig()
                .setConsoleEnabled(false)
                .setDataAccessEnabled(false)
                .setScriptingEnabled(false);
        config.getNamespacesConfig().setEnabled(false);
        config.getIntegrityCheckerConfig().setEnabled(false);
        var filter = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
        EXCEPTIONS.forEach(filter.getWhitelist()::addClasses);
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
        network(config, settings);
        return config;
    }

    /** One endpoint, for members: the port knows no client, REST or memcache protocol. */
    private static void network(Config config, MemberSettings settings) {
        var network = config.getAdvancedNetworkConfig().setEnabled(true);
        network.setMemberEndpointConfig(new ServerSocketEndpointConfig()
                .setPort(settings.listen().port())
                .setPortAutoIncrement(false)
                .setSocketConnectTimeoutSeconds(CONNECT_SECONDS));
        var join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(CONNECT_SECONDS);
        settings.members().values().forEach(address -> join.getTcpIpConfig().addMember(address.toString()));
    }
}
