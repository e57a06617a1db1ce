#!/bin/sh
# Write beside each image's tag the digest that it stands for now; needs docker and the registries.
set -eu
for file in docker-compose.yml docker-compose.kraft.yml Dockerfile; do
    images=$(sed -nE 's/^(FROM | +image: )([^ @]+:[^ @]+).*/\2/p' "$file" | sort -u)
    for image in $images; do
        case $image in hospital-assets:*) continue ;; esac
        digest=$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')
        sed -E "s#(FROM |image: )$image(@sha256:[0-9a-f]+)?( |\$)#\1$image@$digest\3#" \
            "$file" >"$file.pinned"
        cat "$file.pinned" >"$file" && rm "$file.pinned"
        echo "$image@$digest"
    done
done
