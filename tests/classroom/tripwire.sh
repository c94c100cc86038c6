# Run a command with a layer over every folder of the system, then list what it wrote there: tripwire.sh FOLDER COMMAND…
# In a mount namespace of its own (as root there). FOLDER is empty; the command finds its temporary folder in it.
set -eu
folder=$1
shift
mount -t tmpfs tripwire "$folder"
home=$PWD
cd "$folder"
mkdir layers work temp
before=$(ls -A / /dev/shm)
for place in /*; do
    case $place in /proc | /sys | /dev) continue ;; esac
    if [ -L "$place" ] || [ ! -d "$place" ]; then continue; fi
    mkdir "layers$place" "work$place"
    mount -t overlay tripwire -o "lowerdir=$place,upperdir=$PWD/layers$place,workdir=$PWD/work$place" "$place"
    case $folder in "$place"/*) mount --no-canonicalize --bind . "$folder" ;; esac
done
cd "$folder" # the same place, by a path that leads through the layers
export TMPDIR=$PWD/temp
code=0
(cd "$home" && "$@") || code=$?
echo "tripwire: the command ended with code $code"
[ "$before" = "$(ls -A / /dev/shm)" ] || echo "tripwire: / or /dev/shm has other entries than before"
cd layers
find . ! -type d | sed 's/^\./tripwire: written /'
