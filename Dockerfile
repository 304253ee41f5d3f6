# docker build -t plexus .        docker run -p 4000:4000 plexus
#
# Your configuration: mount a folder with plexus.yaml and name the file, -v "$PWD/conf:/etc/plexus:ro" -e CONFIG_FILE=/etc/plexus/plexus.yaml
# (a folder, not the file alone: a mounted file never shows its changes). State lies in /var/lib/plexus/data.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
# The libraries change less often than the sources: a layer of their own.
COPY pom.xml .
RUN mvn -B -q -Dmaven.test.skip=true dependency:go-offline || true
COPY src src
RUN mvn -B -q -Dmaven.test.skip=true package
# A Java with what Plexus uses and nothing else.
RUN jlink --output /java --strip-debug --no-header-files --no-man-pages --compress zip-6 \
      --add-modules java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs

FROM debian:trixie-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/plexus --create-home plexus \
 && install -d -o plexus /var/lib/plexus/data
ENV JAVA_HOME=/opt/java PLEXUS_NO_BUILD=1
COPY --from=build /java /opt/java
COPY --from=build /src/target/lib /opt/plexus/target/lib
COPY --from=build /src/target/plexus.jar /opt/plexus/target/plexus.jar
COPY plexus /opt/plexus/plexus
COPY conf /opt/plexus/conf
COPY webroot /opt/plexus/webroot
# The start-up cache, for a small and for a large container: the collector differs, and with it the cache. Made by the Java that will use it.
RUN PLEXUS_CPUS=1 /opt/plexus/plexus --prepare && PLEXUS_CPUS=4 /opt/plexus/plexus --prepare
USER 10001
WORKDIR /var/lib/plexus
EXPOSE 4000
# As long as streams may take to finish (shutdown.graceSeconds) and a little more: docker stop --time 75.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PORT:-4000} && printf 'GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/opt/plexus/plexus"]
