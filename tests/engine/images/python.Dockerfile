# Stands in for python: the interpreter and pip where that image has them.
FROM hospital-stand-in/debian
RUN ln -s /usr/bin/python3 /usr/local/bin/python && ln -s /usr/bin/pip /usr/local/bin/pip
CMD ["python3"]
