// Times libcitygml on one file: seconds, seconds of the processor, polygons, triangles, their area.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <memory>

#include <citygml/citygml.h>
#include <citygml/citymodel.h>
#include <citygml/cityobject.h>
#include <citygml/geometry.h>
#include <citygml/polygon.h>

static size_t polygons = 0;
static size_t triangles = 0;
static double area = 0;

static void add(const citygml::Geometry& geometry) {
    for (unsigned int i = 0; i < geometry.getPolygonsCount(); ++i) {
        auto polygon = geometry.getPolygon(i);
        const auto& corners = polygon->getVertices();
        const auto& indices = polygon->getIndices();
        ++polygons;
        triangles += indices.size() / 3;
        for (size_t k = 0; k + 2 < indices.size(); k += 3) {
            auto a = corners[indices[k + 1]] - corners[indices[k]];
            auto b = corners[indices[k + 2]] - corners[indices[k]];
            double x = a.y * b.z - a.z * b.y, y = a.z * b.x - a.x * b.z, z = a.x * b.y - a.y * b.x;
            area += std::sqrt(x * x + y * y + z * z) / 2;
        }
    }
    for (unsigned int i = 0; i < geometry.getGeometriesCount(); ++i) add(geometry.getGeometry(i));
}

static void add(const citygml::CityObject& thing) {
    for (unsigned int i = 0; i < thing.getGeometriesCount(); ++i) add(thing.getGeometry(i));
    for (unsigned int i = 0; i < thing.getChildCityObjectsCount(); ++i) add(thing.getChildCityObject(i));
}

int main(int, char** arguments) {
    citygml::ParserParams options;
    auto begun = std::chrono::steady_clock::now();
    auto worked = std::clock();
    auto city = citygml::load(arguments[1], options);
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    double work = double(std::clock() - worked) / CLOCKS_PER_SEC;
    if (!city) return 1;
    for (unsigned int i = 0; i < city->getNumRootCityObjects(); ++i) add(city->getRootCityObject(i));
    std::printf("[%f, %f, %zu, %zu, %f]\n", took.count(), work, polygons, triangles, area);
}
