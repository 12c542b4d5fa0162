/** k3s needs the memory control group, which Raspberry Pis leave off (https://docs.k3s.io/installation/requirements). */
const kernelArguments = ["cgroup_memory=1", "cgroup_enable=memory"];

/** Where Ubuntu keeps a Raspberry Pi's kernel command line: since 25.10 below `current`, before that beside it. */
const commandLines = ["/boot/firmware/current/cmdline.txt", "/boot/firmware/cmdline.txt"];

/**
 * Part of the bootstrap script: `require_memory_group`, which makes sure of the memory control group. On a Raspberry Pi it adds the kernel's
 * arguments and starts the machine anew, once; on others it says what is missing.
 */
export const memoryGroupSteps = `require_memory_group() {
  controllers=/sys/fs/cgroup/cgroup.controllers
  [ -e $controllers ] || return 0
  ! grep -qw memory $controllers || return 0
  missing='the kernel has no memory control group, which k3s needs'
  for line in ${commandLines.join(" ")}; do
    [ -e $line ] || continue
    add=
    for argument in ${kernelArguments.join(" ")}; do
      grep -qw "$argument" $line || add="$add $argument"
    done
    [ -n "$add" ] || fail "$missing, though $line asks for it"
    sed "1s/[[:space:]]*$/$add/" $line >$line.new
    mv $line.new $line
    say "$missing: added$add to $line, and the machine starts anew"
    systemctl reboot
    exit 0
  done
  fail "$missing: add ${kernelArguments.join(" ")} to the kernel's command line, and start the machine anew"
}
`;
