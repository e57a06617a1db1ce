# What the Java stand-ins have in common: a runtime.
FROM hospital-stand-in/debian
COPY runtime /opt/java
RUN chmod -R a+rX /opt/java
