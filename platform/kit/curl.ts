/** The image of Jobs that speak HTTP by a shell script: curl and BusyBox. */
export const curlImage = "docker.io/curlimages/curl:8.11.1";

/** The user that the image is made for. */
export const curlUser = 100;
